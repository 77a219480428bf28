"""Record a fact: one row, its immediate consequences, and a job for the later ones, all in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.events.base import Event, actor_of, reactions_to
from zaguan.events.models import EventRecord, Job
from zaguan.events.waking import wake_after_commit
from zaguan.lib.new_rows import new
from zaguan.lib.statements import insert

# Rows in one statement, when many are written at once.
BATCH = 500
# The event whose reaction is running now; what it records was caused by it.
_cause: ContextVar[int | None] = ContextVar("cause", default=None)
# Its row, where it was read already.
_cause_row: ContextVar[EventRecord | None] = ContextVar("cause_row", default=None)
# When that event happened, for reactions of the same transaction.
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def caused_by(event_id: int | None, row: EventRecord | None = None) -> Iterator[None]:
    """Within: recorded events name `event_id` as their cause; `row` is its row, if it was read."""
    token, row_token = _cause.set(event_id), _cause_row.set(row)
    try:
        yield
    finally:
        _cause.reset(token)
        _cause_row.reset(row_token)


def moment() -> datetime:
    """The moment of the event whose reaction is running in its own transaction; now, anywhere else."""
    return _moment.get() or timezone.now()


def cause() -> int | None:
    """The id of the event whose reaction is running now."""
    return _cause.get()


def cause_row() -> EventRecord | None:
    """The row of that event, in a reaction of the worker; read it, never change it."""
    return _cause_row.get()


def record(event: Event, *, by: Any) -> EventRecord:
    """Write `event` down and let its consequences follow. Call it last, inside the verb's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.kind} was recorded outside a transaction")
    actor = actor_of(by)
    row = new(
        EventRecord,
        kind=event.kind,
        at=timezone.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        cause_id=_cause.get(),
        ticket_id=event.ticket_id,
        data=event.payload(),
    )
    insert(row)
    if _is_wanted(event):
        insert(new(Job, event_id=row.pk, run_at=row.at))
    wake_after_commit()
    _react(event, row)
    return row


def record_all(events: Sequence[Event], *, by: Any) -> list[EventRecord]:
    """Write many events down in a few statements: a row for each, and the same consequences as `record` has."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Events were recorded outside a transaction")
    actor, now = actor_of(by), timezone.now()
    rows = EventRecord.objects.bulk_create(
        [
            EventRecord(
                kind=event.kind,
                at=now,
                actor_kind=actor.kind,
                actor_id=actor.id,
                cause_id=_cause.get(),
                ticket_id=event.ticket_id,
                data=event.payload(),
            )
            for event in events
        ],
        batch_size=BATCH,
    )
    asked = [row for event, row in zip(events, rows, strict=True) if _is_wanted(event)]
    Job.objects.bulk_create([Job(event_id=row.pk, run_at=now) for row in asked], batch_size=BATCH)
    wake_after_commit()
    for event, row in zip(events, rows, strict=True):
        _react(event, row)
    return rows


def _is_wanted(event: Event) -> bool:
    """Whether anything that follows later has something to do."""
    return any(r.wanted is None or r.wanted(event) for r in reactions_to(event.kind, same_transaction=False))


def _react(event: Event, row: EventRecord) -> None:
    """What must be true at commit."""
    reactions = reactions_to(event.kind, same_transaction=True)
    if not reactions:
        return
    before = _moment.set(row.at)
    try:
        with caused_by(row.pk):
            for reaction in reactions:
                reaction.run(event)
    finally:
        _moment.reset(before)
