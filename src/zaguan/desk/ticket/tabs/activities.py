"""The tab of activities: those of this ticket and those with its customer (A8.8)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.models import Activity

SIZE = 50
ICONS = {"call": "phone", "appointment": "calendar", "task": "square-check", "visit": "map-pin"}


def shown(activity: Activity) -> dict[str, Any]:
    """One line of a list of activities."""
    late = activity.done_at is None and activity.starts_at < timezone.now()
    return {"a": activity, "icon": ICONS[activity.kind], "is_late": late}


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    ticket = sheet.ticket
    known = Activity.objects.visible_to(sheet.viewer).select_related("owner", "done_by")
    of_customer = Q(contact=ticket.requester_id) if ticket.requester_id else Q(pk=None)
    elsewhere = known.filter(of_customer, done_at=None).exclude(ticket=ticket)
    return {
        "planned": [
            shown(each)
            for each in known.filter(ticket=ticket, done_at=None).order_by("starts_at", "id")[:SIZE]
        ],
        "done": [
            shown(each)
            for each in known.filter(ticket=ticket).exclude(done_at=None).order_by("-done_at")[:SIZE]
        ],
        "elsewhere": [shown(each) for each in elsewhere.order_by("starts_at", "id")[:SIZE]],
        "may_plan": sheet.viewer.can("tickets.plan_activities"),
    }


def _count(sheet: Sheet) -> int:
    return sheet.ticket.activities.filter(done_at=None).count()


register(
    Tab(
        key="activities", label=_("Activities"), icon="calendar-check", template="desk/ticket/tabs/activities.jinja",
        context=_context, count=_count, position=50,
    )
)  # fmt: skip
