"""The page of time: sums and entries of a period, approving what was handed in, files for whoever writes invoices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.rendering import page
from zaguan.desk.ticket.tabs.time import worth
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people import reference
from zaguan.people.models import Agent, Organisation
from zaguan.tickets.models import TimeActivity, TimeEntry, TimeEntryQuerySet, TimeKind
from zaguan.tickets.time_approval import decide
from zaguan.tickets.time_sheets import export, timesheet
from zaguan.tickets.time_totals import GROUPS, Amount, TimeFilter, entries_of, hours, month_of, totals

SIZE = 50
MOST_CHOICES = 500
NAMES = ("first", "last", "agent", "organisation", "activity", "state", "kind", "by")


def filter_of(request: AgentRequest) -> TimeFilter:
    """The period (this month at first) and whom it is about."""
    first, last = month_of(timezone.localdate())
    asked = request.GET
    organisation = asked.get("organisation", "")
    known = (
        Organisation.objects.visible_to(request.user).filter(public_id=organisation).first()
        if organisation
        else None
    )
    if organisation and known is None:
        raise Refused(_("There is no such organisation."), field="organisation")
    return TimeFilter(
        first=_day(asked.get("first", "")) or first,
        last=_day(asked.get("last", "")) or last,
        agent=whole(asked.get("agent", "")),
        organisation=known.pk if known else None,
        activity=whole(asked.get("activity", "")),
        state=asked.get("state", "") if asked.get("state") in TimeEntry.State.values else "",
        kind=asked.get("kind", "") if asked.get("kind") in TimeKind.values else "",
    )


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
@needs("desk.use")
def report(request: AgentRequest) -> HttpResponse:
    """Sums by what was chosen, and the entries page by page."""
    which = filter_of(request)
    by = request.GET.get("by", "agent")
    rows = entries_of(request.user, which)
    summed = totals(rows, by if by in GROUPS else "agent")
    some = page_of(rows, request.GET.get("after", ""))
    kept = {name: value for name in NAMES if (value := request.GET.get(name))}
    context: dict[str, Any] = {
        "which": which,
        "by": by,
        "query": urlencode(kept),
        "whole": _amount(summed.whole),
        "groups": [
            (group.label, *_amount(group.amount), _part(group.amount, summed.whole))
            for group in summed.groups
        ],
        "rows": [_row(entry) for entry in some[:SIZE]],
        "more": f"?{urlencode(kept | {'after': _place(some[SIZE - 1])})}" if len(some) > SIZE else "",
        "asked": {name: request.GET.get(name, "") for name in NAMES},
        "month": which.first.strftime("%Y-%m") if which.first else "",
    }
    return page(request, "desk/time/report.jinja", section="time", **context, **_choices(request))


def page_of(rows: TimeEntryQuerySet, after: str) -> list[TimeEntry]:
    """One entry more than a page has, from the place that the page before ended at."""
    day_text, _dot, number = after.partition(".")
    day, pk = _day(day_text), whole(number)
    if day is not None and pk is not None:
        rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__lt=pk), day__lte=day)
    return list(rows.select_related("ticket", "agent", "organisation", "activity")[: SIZE + 1])


def _place(entry: TimeEntry) -> str:
    return f"{entry.day.isoformat()}.{entry.pk}"


def organisations_with_time(viewer: Agent) -> Any:
    """Customers for whom time was logged: each is asked for one entry, and no entry is read twice."""
    logged = TimeEntry.objects.visible_to(viewer).filter(organisation_id=OuterRef("pk"))
    return Organisation.objects.visible_to(viewer).filter(Exists(logged)).order_by("name")[:MOST_CHOICES]


def _amount(amount: Amount) -> tuple[str, str]:
    return hours(amount.minutes), worth(amount)


def _part(amount: Amount, whole_: Amount) -> int:
    return round(100 * amount.minutes / whole_.minutes) if whole_.minutes else 0


def _row(entry: TimeEntry) -> dict[str, Any]:
    money = worth(Amount(values=((entry.currency, entry.value),)))
    return {
        "e": entry,
        "length": hours(entry.minutes),
        "day": date_format(entry.day, "SHORT_DATE_FORMAT"),
        "worth": money,
    }


def _choices(request: AgentRequest) -> dict[str, Any]:
    viewer = request.user
    organisations = organisations_with_time(viewer)
    return {
        "agents": [("", _("Everybody")), *((a.pk, a.name) for a in reference.agents.all().values())],
        "organisations": [("", _("All")), *((o.public_id, o.name) for o in organisations)],
        "activities": [("", _("All")), *((a.pk, a.label) for a in TimeActivity.objects.visible_to(viewer))],
        "states": [("", _("All")), *TimeEntry.State.choices],
        "kinds": [("", _("All")), *TimeKind.choices],
        "groups_by": [
            ("agent", _("Agent")), ("organisation", _("Customer")), ("activity", _("Activity")), ("ticket", _("Ticket")),
            ("kind", _("Kind of time")), ("day", _("Day")),
        ],
        "may_approve": viewer.can("tickets.approve_time"),
        "sees_all": viewer.can("tickets.see_all_time"),
    }  # fmt: skip


@require_POST
@needs("tickets.log_time")
def decide_many(request: AgentRequest) -> HttpResponse:
    """Hand in one's own, or approve and reject what was ticked."""
    wanted = request.POST.get("state", "")
    if wanted not in ("submitted", "approved", "rejected", "open"):
        raise Refused(_("There is no such state."), field="state")
    rows = TimeEntry.objects.visible_to(request.user).filter(
        pk__in=filter(None, map(whole, request.POST.getlist("entry")))
    )
    if not request.user.can("tickets.approve_time"):
        if wanted in ("approved", "rejected"):
            raise Refused(_("Your role does not allow this: %(name)s.") % {"name": "tickets.approve_time"})
        rows = rows.filter(agent=request.user)
    done = sum(
        decide(entry, wanted, by=request.user, reason=request.POST.get("reason", "")) for entry in rows[:500]
    )
    back = HttpResponseRedirect(f"/desk/time/?{request.POST.get('query', '')}")
    said = _("%(many)s: %(state)s") % {"many": done, "state": TimeEntry.State(wanted).label}
    return toast(request, said, otherwise=back)


@require_GET
@needs("desk.use")
def download(request: AgentRequest, kind: str) -> HttpResponse:
    """The entries as csv or xlsx."""
    content, media = export(entries_of(request.user, filter_of(request)), kind)
    return _file(content, media, f"time.{kind}")


@require_GET
@needs("tickets.see_all_time")
def sheet(request: AgentRequest, public_id: str, month: str) -> HttpResponse:
    """The customer's timesheet of a month (2026-11) as PDF."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    first = _day(f"{month}-01") or timezone.localdate() - timedelta(days=1)
    pdf = timesheet(request.user, organisation, first)
    return _file(pdf, "application/pdf", f"timesheet-{first:%Y-%m}.pdf")


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
