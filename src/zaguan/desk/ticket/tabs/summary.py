"""The tab of the summary: the working notes, and how they came about (A2.19, A8.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.history import changes

SIZE = 20


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    part = changes(sheet.ticket, field="summary", size=SIZE)
    return {"earlier": part.entries, "has_more": part.older is not None}


register(
    Tab(
        key="summary",
        label=_("Summary"),
        icon="notebook-pen",
        template="desk/ticket/tabs/summary.jinja",
        context=_context,
        position=5,
    )
)
