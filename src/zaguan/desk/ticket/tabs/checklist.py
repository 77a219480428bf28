"""The tab of the checklist."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.models import ChecklistTemplate


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    items = list(sheet.ticket.checklist.select_related("done_by"))
    templates = ChecklistTemplate.objects.visible_to(sheet.viewer)
    return {
        "items": items,
        "done": sum(item.done_at is not None for item in items),
        "templates": [(template.pk, template.name) for template in templates],
        "may_plan": not sheet.is_closed and sheet.viewer.can("tickets.plan_activities"),
    }


def _count(sheet: Sheet) -> int:
    return sheet.ticket.checklist.filter(done_at=None).count()


register(
    Tab(
        key="checklist", label=_("Checklist"), icon="list-checks", template="desk/ticket/tabs/checklist.jinja",
        context=_context, count=_count, position=52,
    )
)  # fmt: skip
