"""The tabs of a ticket's past: changes, feed, assignments (A11), a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.lines import icon_of
from zaguan.lib.numbers import whole
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.history import assignments, changed_fields, changers, changes, feed
from zaguan.tickets.models import Ticket

SIZE = 50


@dataclass
class Past:
    """One tab of the history, with what it can be narrowed to."""

    tab: str
    entries: list[Any]
    older: str
    fields: dict[str, str]
    field: str
    # Agents who changed something, and the one it is narrowed to.
    people: list[Agent]
    by: int
    icon_of: Any = icon_of


def past_of(request: AgentRequest, ticket: Ticket, tab: str) -> Past:
    """What the tab shows; `?field=` and `?by=` narrow the changes, `?before=` is the next page."""
    before = _number(request.GET.get("before", ""))
    field, fields = request.GET.get("field", ""), changed_fields()
    field = field if field in fields else ""
    by, people = None, []
    if tab == "changes":
        by, people = reference.agents.get(_number(request.GET.get("by", ""))), changers(ticket)
        part: Any = changes(ticket, field=field, by=by, before=before, size=SIZE)
    elif tab == "assignments":
        part = assignments(ticket, reader=request.user, before=before, size=SIZE)
    else:
        part = feed(ticket, viewer=request.user, reader=request.user, before=before, size=SIZE)
    number = by.pk if by else 0
    asked = {"tab": tab, "field": field, "by": number or "", "before": part.older}
    older = f"/desk/tickets/{ticket.pk}/?{urlencode(asked)}" if part.older else ""
    return Past(tab, part.entries, older, fields, field, people, number)


def _number(text: str) -> int | None:
    return whole(text)
