"""What a ticket's own columns say of its promises: the nearest deadline that is open, of which target, and the worst state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zaguan.lib.many_rows import update_many
from zaguan.sla.computing import BREACHED, RUNNING
from zaguan.sla.rows import Row
from zaguan.tickets.models import SlaState, Ticket

Header = tuple[datetime | None, str | None, str | None]
NOTHING: Header = (None, None, None)


def header_of(rows: Iterable[Row]) -> Header:
    """What the ticket's own columns say: the nearest deadline that is still open, of which target, and the worst state."""
    every = list(rows)
    open_ = [row for row in every if row.met_at is None]
    if not open_:
        return (None, None, _of_ended(every)) if every else NOTHING
    due_at, due_kind = None, None
    for row in open_:
        if row.due_at is not None and (due_at is None or (row.due_at, row.kind) < (due_at, due_kind)):
            due_at, due_kind = row.due_at, row.kind
    return due_at, due_kind, _of_open(open_)


def _of_ended(rows: Sequence[Row]) -> str:
    return SlaState.BREACHED.value if any(row.state == BREACHED for row in rows) else SlaState.MET.value


def _of_open(rows: Sequence[Row]) -> str:
    states = [row.state for row in rows]
    if BREACHED in states:
        return SlaState.BREACHED.value
    if any(row.is_near for row in rows):
        return SlaState.AT_RISK.value
    return SlaState.ON_TRACK.value if RUNNING in states else SlaState.PAUSED.value


def write(number: int, before: Header | None, after: Header) -> None:
    """Write them, where they are not what stood there."""
    if before != after:
        write_many([(*after, number)])


def write_many(columns: Sequence[tuple[datetime | None, str | None, str | None, int]]) -> None:
    """The columns of many tickets, each with its number."""
    update_many(Ticket, ("due_at", "due_kind", "sla_state"), columns)
