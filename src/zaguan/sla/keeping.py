"""The ledger, written: a row when a ticket opens, one row ended and one begun when it turns, else mended from the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from zaguan.lib.new_rows import new
from zaguan.lib.statements import Rows, insert, update
from zaguan.sla.intervals import rebuild
from zaguan.sla.ledger import Span, whole
from zaguan.sla.models import Interval
from zaguan.sla.sides import Side

_last = Rows(lambda number: Interval.objects.filter(ticket_id=number).order_by("-started_at")[:1], int)


def begin(ticket_id: int, span: Span) -> None:
    """The first row of a new ticket: one statement."""
    insert(_row(ticket_id, span))


def turn(ticket_id: int, at: datetime, old: dict[str, Any], **changes: Any) -> None:
    """Let the running row end and another one go on with `changes`; three statements.

    `old` is what the event says of before. Where the ledger says otherwise it missed something – a ticket from before the
    ledger, an event within a reaction to another, one that had ended – and is made from the events again.
    """
    row = _running(ticket_id, old)
    if row is None:
        mend(ticket_id)
        return
    start = max(whole(at), row.started_at)
    following = _row(ticket_id, replace(span_of(row), start=start, **changes))
    if start == row.started_at:
        following.pk = row.pk
        update(following, *changes)
    else:
        row.ended_at = start
        update(row, "ended_at")
        insert(following)


def end(ticket_id: int, at: datetime, old: dict[str, Any]) -> None:
    """Nobody's time counts from here on."""
    row = _running(ticket_id, old)
    if row is None or whole(at) <= row.started_at:
        mend(ticket_id)
    else:
        row.ended_at = whole(at)
        update(row, "ended_at")


def _running(ticket_id: int, old: dict[str, Any]) -> Interval | None:
    """The row that lasts, if it agrees with what the event says of before."""
    row: Interval | None = _last.first(ticket_id)
    agrees = row is not None and row.ended_at is None and all(getattr(row, n) == v for n, v in old.items())
    return row if agrees else None


def mend(ticket_id: int) -> int:
    """Make the rows say what the events say; returns how many had to change. Call with the ticket locked."""
    return write_differences(ticket_id, rebuild(ticket_id))


def write_differences(ticket_id: int, wanted: Sequence[Span]) -> int:
    """Keep the rows that are right, replace the others; returns how many were wrong or missing."""
    rows = list(Interval.objects.filter(ticket_id=ticket_id).order_by("started_at"))
    right = {span_of(row): row.pk for row in rows}
    wrong = [row.pk for row in rows if span_of(row) not in wanted]
    missing = [span for span in wanted if span not in right]
    if wrong:
        Interval.objects.filter(pk__in=wrong).delete()
    Interval.objects.bulk_create([_row(ticket_id, span) for span in missing], batch_size=500)
    return max(len(wrong), len(missing))


def add_rows(ledgers: Mapping[int, Sequence[Span]]) -> None:
    """Whole ledgers of tickets that have none."""
    rows = [_row(number, span) for number, spans in ledgers.items() for span in spans]
    Interval.objects.bulk_create(rows, batch_size=500)


def span_of(row: Interval) -> Span:
    """A row as a span."""
    return Span(Side(row.side), row.status_id, row.assignee_id, row.team_id, row.started_at, row.ended_at)


def _row(ticket_id: int, span: Span) -> Interval:
    return new(
        Interval,
        ticket_id=ticket_id,
        side=span.side.value,
        status_id=span.status_id,
        assignee_id=span.assignee_id,
        team_id=span.team_id,
        started_at=span.start,
        ended_at=span.end,
    )
