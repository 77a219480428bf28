"""The bell: what one was told, newest first; counted live, read by opening, by a button, or all at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.notifications.kinds import GROUPS, KINDS
from zaguan.notifications.models import Notification, NotificationQuerySet
from zaguan.notifications.reading import (
    MOST,
    read_about,
    read_all,
    read_one,
    see,
    unread_again,
    unread_tickets,
)
from zaguan.notifications.wording import place_of, said, sentence, title
from zaguan.people.models import Agent

SIZE, IN_PANEL, BELOW = 30, 8, 10


def line(row: Notification) -> dict[str, Any]:
    """What a row of the list shows."""
    kind = KINDS.get(row.kind, KINDS["rule"])
    return {
        "row": row,
        "icon": kind.icon,
        "title": title(row),
        "sentence": sentence(row),
        "said": said(row),
        "below": [],
    }


@require_safe
@needs("desk.use")
def notifications(request: AgentRequest) -> HttpResponse:
    """The page; `?part=panel` the few newest for the panel at the bell. `?show=unread`, `?about=` a group of kinds."""
    rows = Notification.objects.visible_to(request.user).in_bell().select_related("ticket")
    if request.GET.get("part") == "panel":
        see(request.user)
        lines = [line(row) for row in rows.order_by("-id")[:IN_PANEL]]
        return render(request, "desk/notifications/panel.jinja", {"lines": lines})
    show, about = request.GET.get("show", ""), request.GET.get("about", "")
    rows = _filtered(rows, show, about)
    after = request.GET.get("after", "")
    found = list((rows.filter(pk__lt=int(after)) if after.isdigit() else rows).order_by("-id")[: SIZE + 1])
    see(request.user)
    kept = {name: value for name, value in (("show", show), ("about", about)) if value}
    more = urlencode(kept | {"after": found[SIZE - 1].pk}) if len(found) > SIZE else ""
    context: dict[str, Any] = {
        "lines": _with_bundles(request.user, [line(row) for row in found[:SIZE]]),
        "show": show,
        "about": about,
        "groups": list(GROUPS.items()),
        "more": more,
        "section": "notifications",
    }
    return page(request, "desk/notifications/page.jinja", **context)


def _filtered(rows: NotificationQuerySet, show: str, about: str) -> NotificationQuerySet:
    if show == "unread":
        rows = rows.unread()
    if about in GROUPS:
        rows = rows.filter(kind__in=[kind.key for kind in KINDS.values() if kind.group == about])
    return rows


def _with_bundles(agent: Agent, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lies under the newest of each unread bundle, one query for all of them."""
    on_top = {
        each["row"].ticket_id: each for each in lines if each["row"].bundled > 1 and not each["row"].read_at
    }
    if on_top:
        below = Notification.objects.visible_to(agent).unread().select_related("ticket")
        for row in below.filter(is_top=False, in_bell=True, ticket__in=list(on_top)).order_by("-id")[:100]:
            top = on_top[row.ticket_id]
            if len(top["below"]) < BELOW:
                top["below"].append(line(row))
    return lines


@require_GET
@needs("desk.use")
def count(request: AgentRequest) -> JsonResponse:
    """How many are unread, and about which tickets."""
    found = unread_tickets(request.user)
    tickets = sorted({number for number in found if number is not None})
    return JsonResponse({"unread": min(len(found), MOST), "more": len(found) > MOST, "tickets": tickets})


@require_POST
@needs("desk.use")
def read(request: AgentRequest) -> HttpResponse:
    """`all`, a `ticket`, or one by `id`; with `do=unread` one is kept for later."""
    number = request.POST.get("id", "")
    about = request.POST.get("ticket", "")
    if number.isdigit():
        row = get_object_or_404(Notification.objects.visible_to(request.user), pk=int(number))
        if request.POST.get("do") == "unread":
            unread_again(request.user, row)
        else:
            read_one(request.user, row)
    elif about.isdigit():
        read_about(request.user, int(about))
    else:
        read_all(request.user)
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({})
    return HttpResponseRedirect(reverse("desk:notifications"))


@require_safe
@needs("desk.use")
def open_one(request: AgentRequest, pk: int) -> HttpResponse:
    """To what it is about; being led there is reading it."""
    rows = Notification.objects.visible_to(request.user).select_related("ticket")
    row = get_object_or_404(rows, pk=pk)
    read_one(request.user, row)
    return HttpResponseRedirect(place_of(row))
