"""The time until which an approval should be decided is over: said once, if it still waits."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.tickets.approval_events import ApprovalDue
from zaguan.tickets.models import Approval, Approver

REMIND = "tickets.approval_due"


def plan_reminder(approval: Approval) -> None:
    """Let the worker look again when it is due."""
    if approval.due_at is not None:
        enqueue(REMIND, run_at=approval.due_at, approval=approval.pk, at=approval.due_at.isoformat())


@task(REMIND)
@transaction.atomic
def remind(approval: int, at: str) -> None:
    """Say once that it is due, if it still waits."""
    waiting = Approval.objects.select_for_update().filter(pk=approval, state=Approval.State.WAITING)
    found = waiting.filter(reminded_at=None).first()
    if found is None or found.due_at is None or found.due_at.isoformat() != at:
        return
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    silent = Approver.objects.filter(approval=found, answer="").exclude(agent=None)
    event = ApprovalDue(
        ticket_id=found.ticket_id, approval_id=found.pk, question=found.question, due_at=at,
        agents=list(silent.values_list("agent_id", flat=True)), asked_by=found.asked_by_id,
    )  # fmt: skip
    record(event, by=SYSTEM)
