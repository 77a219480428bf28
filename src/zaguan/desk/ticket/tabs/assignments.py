"""The tab "Assignments" of a ticket (A11)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.past import past_of
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    return {"past": past_of(request, sheet.ticket, "assignments")}


register(
    Tab(
        key="assignments",
        label=_("Assignments"),
        icon="user-round-check",
        template="desk/ticket/tabs/history.jinja",
        context=_context,
        position=95,
    )
)
