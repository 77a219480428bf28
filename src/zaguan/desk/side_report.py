"""The page of whose time it was: by agent, team or status over a range of days, and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket.clocks import business_words, words
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.lib.sheets import csv_lines
from zaguan.people import reference
from zaguan.sla.side_report import GROUPS, Asked, Line, month_until, report
from zaguan.sla.sides import Side

NAMES = ("first", "last", "by", "agent", "team", "side")


def asked_of(request: AgentRequest) -> Asked:
    """The range (this month at first) and what is summed."""
    first, last = month_until(timezone.localdate())
    asked = request.GET
    return Asked(
        first=_day(asked.get("first", "")) or first,
        last=_day(asked.get("last", "")) or last,
        by=asked["by"] if asked.get("by") in GROUPS else "agent",
        agent=whole(asked.get("agent", "")),
        team=whole(asked.get("team", "")),
        side=asked["side"] if asked.get("side") in Side.values else "",
    )


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
@needs("desk.use")
def sides(request: AgentRequest) -> HttpResponse:
    """A line for each agent, team or status, a column for each side."""
    asked = asked_of(request)
    try:
        lines, total = report(request.user, asked)
        problem = ""
    except Refused as refused:
        lines, total, problem = [], Line("", None), refused.sentence
    columns = [side for side in Side if not asked.side or side == asked.side]
    kept = {name: value for name in NAMES if (value := request.GET.get(name))}
    context: dict[str, Any] = {
        "asked": asked, "problem": problem, "query": urlencode(kept), "columns": columns,
        "lines": [_shown(line, columns) for line in lines], "total": _shown(total, columns),
        "title": dict(_groups())[asked.by],
    }  # fmt: skip
    return page(request, "desk/time/sides.jinja", section="time", **context, **_choices(request))


def _shown(line: Line, columns: list[Side]) -> dict[str, Any]:
    return {
        "label": line.label,
        "tickets": len(line.tickets),
        "cells": [
            (side.label, words(line.elapsed[side]), business_words(line.business[side])) if line.elapsed[side] else (side.label, "", "")
            for side in columns
        ],
    }  # fmt: skip


def _groups() -> list[tuple[str, str]]:
    return [("agent", _("Assignee")), ("team", _("Team")), ("status", _("Status"))]


def _choices(request: AgentRequest) -> dict[str, Any]:
    return {
        "groups": _groups(),
        "agents": [("", _("Everybody")), *((a.pk, a.name) for a in reference.agents.all().values())],
        "teams": [("", _("All")), *((t.pk, t.name) for t in reference.teams.all().values())],
        "sides": [("", _("All")), *((side.value, side.label) for side in Side)],
        "sees_all": request.user.can("tickets.see_all_time"),
    }


@require_GET
@needs("desk.use")
def download(request: AgentRequest) -> HttpResponseBase:
    """The same as CSV, in minutes."""
    asked = asked_of(request)
    lines, _total = report(request.user, asked)
    head = [dict(_groups())[asked.by], _("Tickets")]
    for side in Side:
        head += [
            _("%(side)s (minutes)") % {"side": side.label},
            _("%(side)s (business minutes)") % {"side": side.label},
        ]
    table = [
        [line.label, len(line.tickets)]
        + [value // 60 for side in Side for value in (line.elapsed[side], line.business[side])]
        for line in lines
    ]
    answer = StreamingHttpResponse(csv_lines(head, table), content_type="text/csv; charset=utf-8")
    name = f"clocks-{asked.first}-{asked.last}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
