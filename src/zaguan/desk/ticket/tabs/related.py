"""The tab "Related": parents and children with their progress, follow-ups, trackers, the back office, guesses (A4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.conversations.informed import numbers_of
from zaguan.conversations.models import MassUpdate
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.publishing import tells
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.models import Link
from zaguan.tickets.progress import progress_of
from zaguan.tickets.related import count_of, groups_of

LAST_UPDATES = 5


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    groups = groups_of(sheet.ticket, sheet.viewer)
    has_children = any(g.kind == Link.Kind.CHILD and g.outwards for g in groups)
    is_tracker = sheet.ticket.kind == "tracker"
    updates = []
    if is_tracker:
        rows = (
            MassUpdate.objects.visible_to(sheet.viewer).filter(tracker=sheet.ticket).select_related("agent")
        )
        updates = [(row, numbers_of(row)) for row in rows.order_by("-pk")[:LAST_UPDATES]]
    return {
        "groups": groups,
        "progress": progress_of(sheet.number) if has_children else None,
        "is_tracker": is_tracker,
        "is_back_office": sheet.ticket.kind == "back_office",
        "tells": tells(sheet),
        "updates": updates,
    }


register(
    Tab(
        key="related",
        label=_("Related"),
        icon="link",
        template="desk/ticket/tabs/related.jinja",
        context=_context,
        count=lambda sheet: count_of(sheet.number),
        position=40,
    )
)
