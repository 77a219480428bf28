"""Take a run back: values as they were, messages before they leave; what others changed since stays theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.automation.events import MacroUndone, RunEnded
from zaguan.automation.handling import zone_of
from zaguan.automation.models import Run, RunTicket
from zaguan.automation.pacing import LARGEST, PRIORITY, work_for_a_while
from zaguan.automation.runs import AT_ONCE
from zaguan.automation.snapshots import put_back
from zaguan.conversations.models import Message
from zaguan.conversations.withdrawing import withdraw_note, withdraw_unwritten
from zaguan.events.recording import caused_by, record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.lib.forgetting import forget
from zaguan.lib.statements import update
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, store
from zaguan.tickets.history_lines import label_of

WORK = "automation.undo_run"
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def undo_run(run: Run, *, by: Agent) -> Run:
    """Take back what a run did: one ticket at once, many by the worker.

    Raises Refused when there is nothing to take back, or (for one ticket) when its message has already left.
    """
    fresh = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state in (Run.State.UNDOING, Run.State.UNDONE):
        raise Refused(_("This was already taken back."))
    if fresh.state not in (Run.State.STOPPED, Run.State.DONE):
        raise Refused(_("Stop it first, then take it back."))
    fresh.state = Run.State.UNDOING
    fresh.save(update_fields=["state"])
    if fresh.total > AT_ONCE:
        enqueue(WORK, run=fresh.pk, priority=PRIORITY)
        return fresh
    if fresh.total > 1:
        while undo_batch(fresh.pk):
            pass
        return Run.objects.get(pk=fresh.pk)
    for row in fresh.tickets.filter(state=RunTicket.State.DONE):
        row.reason = _take_back(fresh, row, by=by)
        row.state = RunTicket.State.KEPT if row.reason else RunTicket.State.UNDONE
        row.save(update_fields=["state", "reason"])
        fresh.undone += not row.reason
    fresh.state = Run.State.UNDONE
    fresh.save(update_fields=["state", "undone"])
    return fresh


@task(WORK)
def work_undoing(run: int) -> None:
    """Go on taking a run back for a while, then line up again."""
    if work_for_a_while(lambda size: undo_batch(run, size)):
        enqueue(WORK, run=run, priority=PRIORITY)


def undo_batch(number: int, size: int = LARGEST) -> int:
    """One transaction's worth; returns how many tickets, 0 when all are taken back."""
    run = Run.objects.select_related("agent__role").filter(pk=number, state=Run.State.UNDOING).first()
    if run is None:
        return 0
    agent = run.agent
    with translation.override(agent.language), timezone.override(zone_of(agent)), transaction.atomic():
        waiting = run.tickets.filter(state=RunTicket.State.DONE).order_by("id")
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:size])
        if rows:
            undone = sum(_undo_one(run, row) for row in rows)
            Run.objects.filter(pk=run.pk).update(undone=F("undone") + undone)
        else:
            _end(run)
    return len(rows)


def _undo_one(run: Run, row: RunTicket) -> bool:
    try:
        with transaction.atomic(), caused_by(run.event_id):
            row.reason = _take_back(run, row, by=run.agent)
    except Refused as refused:
        row.reason = refused.sentence[:300]
    row.state = RunTicket.State.KEPT if row.reason else RunTicket.State.UNDONE
    update(row, "state", "reason")
    return not row.reason


def _end(run: Run) -> None:
    if run.tickets.filter(state=RunTicket.State.DONE).exists():
        return
    fresh = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state == Run.State.UNDOING:
        fresh.state = Run.State.UNDONE
        fresh.save(update_fields=["state"])
        said = {"done": fresh.done, "refused": fresh.refused, "undone": fresh.undone}
        record(RunEnded(run_id=fresh.pk, title=fresh.title, state=fresh.state, **said), by=run.agent)


def _take_back(run: Run, row: RunTicket, *, by: Any) -> str:
    """Take one ticket back; returns what was left alone because somebody changed it since, in words."""
    lock(row.ticket_id)
    _take_back_messages(row.messages, by=by)
    kept = put_back(row.ticket_id, row.before, row.after, by=by)
    if run.macro_id is not None:
        ticket = lock(row.ticket_id)
        store(ticket)
        record(MacroUndone(ticket_id=ticket.pk, macro_id=run.macro_id, name=run.title), by=by)
    if not kept:
        return ""
    names = ", ".join(label_of("is_important" if name == "important" else name) for name in kept)
    return (_("Changed by somebody since, and left so: %(fields)s") % {"fields": names})[:300]


def _take_back_messages(numbers: Iterable[int], *, by: Any) -> None:
    for message in Message.objects.filter(pk__in=list(numbers), withdrawn_at=None).order_by("-id"):
        if message.direction == Message.Direction.NOTE:
            withdraw_note(message, by=by)
        else:
            withdraw_unwritten(message, by=by)


def forget_old_runs() -> int:
    """Delete what was needed to take old runs back; returns how many runs that was."""
    # One may hold a hundred thousand tickets.
    return forget(
        Run.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("created_at"), at_once=100
    )
