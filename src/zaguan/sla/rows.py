"""Clocks as they are stored, read as plain values: a model's instance for each costs more than the count itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from zaguan.lib.many import PreparedMany
from zaguan.lib.prepared import Prepared
from zaguan.sla.computing import RUNNING, Reckoning
from zaguan.sla.models import Clock


class Row(NamedTuple):
    """The columns of a `Clock`: first what it is, then what a count gives, in the order of `counted_values`."""

    id: int
    ticket_id: int
    kind: str
    started_at: datetime
    told: int
    round: int
    policy_id: int
    version_id: int
    seconds: int
    state: str
    due_at: datetime | None
    left: int | None
    warn_at: datetime | None
    warned_at: datetime | None
    missed_at: datetime | None
    met_at: datetime | None
    wake_at: datetime | None

    @property
    def key(self) -> tuple[str, datetime]:
        return self.kind, self.started_at

    @property
    def is_open(self) -> bool:
        return self.met_at is None

    @property
    def is_near(self) -> bool:
        """At risk: so near that it was said, and not missed."""
        return self.met_at is None and self.state == RUNNING and self.warned_at is not None


COLUMNS = Row._fields
# How many columns say which clock it is and what was told of it; the others are what a count gives.
IDENTITY = COLUMNS.index("round")
COUNTED = COLUMNS[IDENTITY:]
_of_many = PreparedMany(lambda numbers: Clock.objects.filter(ticket_id__in=numbers).values_list(*COLUMNS))
_of_one = Prepared(lambda number: Clock.objects.filter(ticket_id=number).values_list(*COLUMNS))


def read_one(number: int) -> list[Row]:
    """The clocks of a ticket, in the order of their start."""
    return _sorted([Row._make(values) for values in _of_one(number)])


def read_many(numbers: Sequence[int]) -> dict[int, list[Row]]:
    """The same for many tickets: a question for 256 of them."""
    found: dict[int, list[Row]] = {number: [] for number in numbers}
    for values in _of_many(numbers):
        found[values[1]].append(Row._make(values))
    for rows in found.values():
        _sorted(rows)
    return found


def _sorted(rows: list[Row]) -> list[Row]:
    if len(rows) > 1:
        rows.sort(key=lambda row: (row[3], row[0]))
    return rows


def counted_values(reckoned: Reckoning) -> tuple[Any, ...]:
    """What a count says of the columns `COUNTED`."""
    one, terms, _target, length, state, due, left, warn, warned, missed, wake, _pieces = reckoned
    return (
        one.number, terms.policy_id, terms.version_id, length, state, due, left, warn, warned, missed, one.ended_at,
        wake,
    )  # fmt: skip


def differs(row: Row, reckoned: Reckoning) -> bool:
    """Whether a row says something else than the count."""
    return row[IDENTITY:] != counted_values(reckoned)


def is_settled(row: Row, reckoned: Reckoning) -> bool:
    """It ended, and that has not changed: its row stays, whatever calendars say since."""
    one = reckoned.round
    return row.met_at is not None and row.met_at == one.ended_at and row.round == one.number
