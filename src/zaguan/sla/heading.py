"""What a ticket's own columns say of its promises: the nearest deadline that is open, of which target, and the worst state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zaguan.lib.new_rows import new
from zaguan.lib.statements import update
from zaguan.sla.computing import BREACHED, RUNNING
from zaguan.sla.models import Clock
from zaguan.tickets.models import SlaState, Ticket

Header = tuple[datetime | None, str | None, str | None]
NOTHING: Header = (None, None, None)


def header_of(rows: Iterable[Clock]) -> Header:
    """What the ticket's own columns say: the nearest deadline that is still open, of which target, and the worst state."""
    every = list(rows)
    if not every:
        return None, None, None
    open_ = [row for row in every if row.is_open]
    due = min(((row.due_at, row.kind) for row in open_ if row.due_at is not None), default=(None, None))
    states = {row.state for row in open_}
    if not open_:
        state = SlaState.BREACHED if any(row.state == BREACHED for row in every) else SlaState.MET
    elif BREACHED in states:
        state = SlaState.BREACHED
    elif any(row.is_near for row in open_):
        state = SlaState.AT_RISK
    else:
        state = SlaState.ON_TRACK if RUNNING in states else SlaState.PAUSED
    return due[0], due[1], state.value


def write(number: int, before: Header | None, after: Header) -> None:
    """Write them, where they are not what stood there."""
    if before != after:
        due_at, due_kind, sla_state = after
        row = new(Ticket, due_at=due_at, due_kind=due_kind, sla_state=sla_state)
        row.pk = number
        update(row, "due_at", "due_kind", "sla_state")


def show(number: int, rows: Iterable[Clock]) -> None:
    """Let the ticket's columns say what its rows say."""
    write(number, None, header_of(rows))
