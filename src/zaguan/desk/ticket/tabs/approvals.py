"""The tab of approvals: what was asked, of whom, and what they said; deciding right there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from zaguan.desk.access import AgentRequest
from zaguan.desk.templating import template
from zaguan.desk.ticket.drawing import token_field
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.people.models import Agent
from zaguan.tickets.approval_reading import asker_of, waits_for, whole
from zaguan.tickets.models import Approval, ApprovalQuerySet, ApprovalState

SIZE = 50
TONES = {"waiting": "warn", "approved": "ok", "rejected": "late", "withdrawn": ""}
ICONS = {"": "hourglass", "approved": "check", "rejected": "x"}


def shown(approval: Approval, viewer: Agent) -> dict[str, Any]:
    """One approval, as the tab, the panel and "My approvals" draw it."""
    return {
        "a": approval,
        "who": asker_of(approval),
        "tone": TONES[approval.state],
        "people": [(ICONS[each.answer], each) for each in approval.approvers.all()],
        "is_mine": waits_for(approval, viewer),
    }


def _of(sheet: Sheet) -> ApprovalQuerySet:
    return Approval.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket)


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    rows = whole(_of(sheet)).order_by("-id")[:SIZE]
    listed = [shown(each, sheet.viewer) for each in rows]
    return {
        "waiting": [each for each in listed if each["a"].is_waiting],
        "over": [each for each in listed if not each["a"].is_waiting],
        "may_ask": sheet.viewer.can("tickets.ask_approval"),
    }


def panel(request: AgentRequest, sheet: Sheet) -> Markup:
    """What waits, above all else in the panel; nothing is asked for tickets on which nothing waits."""
    if sheet.ticket.approval_state != ApprovalState.WAITING:
        return Markup()
    rows = whole(_of(sheet).filter(state=Approval.State.WAITING)).order_by("id")[:SIZE]
    context = {
        "sheet": sheet,
        "rows": [shown(each, sheet.viewer) for each in rows],
        "csrf_input": token_field(request),
    }
    return Markup(template("desk/ticket/approvals.jinja").render(context))  # noqa: S704 (a template escapes)


def _count(sheet: Sheet) -> int:
    return _of(sheet).count()


register(
    Tab(
        key="approvals", label=_("Approvals"), icon="stamp", template="desk/ticket/tabs/approvals.jinja",
        context=_context, count=_count, position=45,
    )
)  # fmt: skip
