"""The folded part “Time” of the composer: what was worked goes with the answer, or with the note (A17.1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.sheet import Sheet, ticket_for
from zaguan.desk.ticket.time import choices, typed_time
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.rates import time_rule
from zaguan.tickets.time_parts import NewTime, parts_of
from zaguan.tickets.time_totals import hours

PREFIX = "time_"
TEMPLATE = "desk/ticket/compose_time.jinja"
FIELDS = ("day", "start", "end", "minutes", "kind", "activity", "value")
# Without any of these nothing was worked.
SAYS = ("start", "end", "minutes", "value")
_AT = {"started_at": "start", "ended_at": "end"}


def time_in(request: AgentRequest) -> NewTime | None:
    """The time that was typed beside the text; Refused at its field for what cannot be counted."""
    if not request.user.can("tickets.log_time") or not typed_in(request):
        return None
    new = NewTime(**typed_time(request, PREFIX))
    try:
        parts_of(new, time_rule())
    except Refused as refused:
        raise Refused(refused.sentence, field=PREFIX + _AT.get(refused.field, refused.field)) from None
    return new


def typed_in(request: AgentRequest) -> dict[str, str]:
    """The fields as they were typed; empty when nothing says how long."""
    typed = {name: request.POST.get(PREFIX + name, "").strip() for name in FIELDS}
    return typed if any(typed[name] for name in SAYS) else {}


def kept_in(fields: dict[str, Any]) -> dict[str, str]:
    """What a draft keeps: as it was typed, or of an answer that came back."""
    return fields.get("time") or (_again(fields["worked"]) if fields.get("worked") else {})


def _again(worked: dict[str, Any]) -> dict[str, str]:
    moments = {name: parse_datetime(worked[name]) for name in ("started_at", "ended_at") if worked.get(name)}
    clock = {name: f"{timezone.localtime(at):%H:%M}" for name, at in moments.items() if at}
    return {
        "day": worked.get("day", ""),
        "start": clock.get("started_at", ""),
        "end": clock.get("ended_at", ""),
        "minutes": hours(worked["minutes"]) if worked.get("minutes") else "",
        "kind": worked.get("kind", ""),
        "activity": str(worked.get("activity") or ""),
        "value": worked.get("value", ""),
    }


def time_fields(agent: Agent, kept: dict[str, str]) -> Markup:
    """The fields, filled in; drawn only where somebody asked for them."""
    context = choices(agent) | {"kept": kept, "today": timezone.localdate().isoformat()}
    return Markup(render_to_string(TEMPLATE, context))  # noqa: S704 (drawn by a template)


def drawn_with(sheet: Sheet, kept: dict[str, str], *, asked: bool) -> Markup:
    """The fields that the page opens with: mostly none, since the part is folded."""
    if not (asked or kept) or not sheet.can["log_time"]:
        return Markup()
    return time_fields(sheet.viewer, kept)


@require_GET
@needs("tickets.log_time")
def compose_time(request: AgentRequest, number: int) -> HttpResponse:
    """The fields, when the part is opened."""
    ticket_for(request, number)
    return HttpResponse(time_fields(request.user, {}))
