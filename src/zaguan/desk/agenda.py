"""My activities: what one has to do, day by day; and the secret address by which calendars read it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from zaguan.desk.access import AgentRequest, needs, public
from zaguan.desk.rendering import page
from zaguan.desk.ticket.tabs.activities import shown
from zaguan.people.models import Agent
from zaguan.tickets.calendar_feeds import calendar_of, owner_of, renew_feed, revoke_feed
from zaguan.tickets.models import DONE_RANK, Activity, CalendarFeed, Ticket
from zaguan.tickets.reminding import reminder_for
from zaguan.ui.times import day_name

SIZE = 200
SOON = timedelta(days=7)


@require_GET
@needs("desk.use")
def agenda(request: AgentRequest) -> HttpResponse:
    """What is open, late first, by day; `?show=done` what was done; and what was promised for soon."""
    done = request.GET.get("show") == "done"
    mine = Activity.objects.visible_to(request.user).filter(owner=request.user, done_at__isnull=not done)
    rows = mine.select_related("ticket", "contact", "organisation", "owner", "done_by")
    ordered = rows.order_by("-done_at", "-id") if done else rows.order_by("starts_at", "id")
    days = [
        (title, list(group))
        for title, group in groupby(map(shown, ordered[:SIZE]), key=lambda each: _title(each, done))
    ]
    context: dict[str, Any] = {
        "days": days,
        "done": done,
        "promises": [] if done else _promises(request.user),
        "feed": CalendarFeed.objects.visible_to(request.user).first(),
        "address": request.session.pop("calendar_address", ""),
    }
    return page(request, "desk/agenda/page.jinja", section="agenda", **context)


def _title(each: dict[str, Any], done: bool) -> str:
    moment = each["a"].done_at if done else each["a"].starts_at
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    if not done and day < today:
        return _("Late")
    return _ahead(day, today) or day_name(moment)


def _ahead(day: date, today: date) -> str:
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    return date_format(day, "l, j F") if day > today else ""


def _promises(agent: Agent) -> list[Ticket]:
    found = Ticket.objects.visible_to(agent).filter(
        assignee=agent, promise_kept=None, promised_at__lt=timezone.now() + SOON
    )
    return list(found.filter(rank__lt=DONE_RANK).order_by("promised_at", "id")[:50])


@require_POST
@needs("desk.use")
def feed(request: AgentRequest) -> HttpResponse:
    """`do`: renew or revoke. The address is shown once, on the next page."""
    if request.POST.get("do") == "revoke":
        revoke_feed(request.user, by=request.user)
        messages.success(request, _("The address no longer works."))
    else:
        path = reverse("desk:calendar", args=[renew_feed(request.user, by=request.user)])
        request.session["calendar_address"] = f"{settings.BASE_URL}{path}"
        messages.success(request, _("Copy the address now: it is shown only once."))
    return HttpResponseRedirect(reverse("desk:agenda"))


@require_safe
@public
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; nothing tells a wrong one from an old one."""
    agent = owner_of(token)
    if agent is None:
        raise Http404
    answer = HttpResponse(calendar_of(agent), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="zaguan.ics"'
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_GET
@needs("desk.use")
def reminder(request: AgentRequest, event_id: int) -> JsonResponse:
    """What one is reminded of, for the word that appears on the open page."""
    found = reminder_for(request.user, event_id)
    if found is None:
        raise Http404
    values = {"what": found.subject, "when": found.at}
    said = _("Promised for %(when)s: %(what)s") if found.about == "promise" else _("%(when)s: %(what)s")
    address = f"/desk/tickets/{found.ticket_id}/" if found.ticket_id else reverse("desk:agenda")
    return JsonResponse({"text": said % values, "href": address, "open": _("Open")})
