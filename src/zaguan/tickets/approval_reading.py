"""Approvals as pages and the API show them: with who asked, who was asked, and what each said."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from zaguan.people.models import Agent
from zaguan.tickets.history_lines import Names
from zaguan.tickets.models import Approval, ApprovalQuerySet, Approver


def whole(approvals: ApprovalQuerySet) -> ApprovalQuerySet:
    """With everybody's names: three questions, however many there are."""
    people = Approver.objects.select_related("agent", "contact")
    return approvals.select_related("asked_by", "ticket").prefetch_related(Prefetch("approvers", people))


def asker_of(approval: Approval) -> str:
    """Who asked: an agent, a rule, or an agent who is no longer known."""
    if approval.asked_by is not None:
        return approval.asked_by.name
    if approval.rule_id is not None:
        return Names({}).of_actor("rule", approval.rule_id)
    return _("A former agent")


def waits_for(approval: Approval, viewer: Agent) -> bool:
    """Whether the viewer was asked and may still answer."""
    return approval.is_waiting and any(
        each.agent_id == viewer.pk and not each.answer for each in approval.approvers.all()
    )
