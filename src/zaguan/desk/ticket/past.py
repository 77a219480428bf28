"""The tabs of a ticket's past: changes, feed, assignments (A11), a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.lines import icon_of
from zaguan.lib.numbers import whole
from zaguan.people import reference
from zaguan.tickets.history import assignments, changed_fields, changes, feed
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
    icon_of: Any = icon_of


def past_of(request: AgentRequest, ticket: Ticket, tab: str) -> Past:
    """What the tab shows; `?field=` and `?by=` narrow the changes, `?before=` is the next page."""
    before = _number(request.GET.get("before", ""))
    field, fields = request.GET.get("field", ""), changed_fields()
    field = field if field in fields else ""
    if tab == "changes":
        by = reference.agents.get(_number(request.GET.get("by", "")))
        part: Any = changes(ticket, field=field, by=by, before=before, size=SIZE)
    elif tab == "assignments":
        part = assignments(ticket, before=before, size=SIZE)
    else:
        part = feed(ticket, viewer=request.user, before=before, size=SIZE)
    asked = {"tab": tab, "field": field, "before": part.older}
    older = f"/desk/tickets/{ticket.pk}/?{urlencode(asked)}" if part.older else ""
    return Past(tab, part.entries, older, fields, field)


def _number(text: str) -> int | None:
    return whole(text)
