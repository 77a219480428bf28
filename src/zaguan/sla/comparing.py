"""What a new count would change for the open clocks of one ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from zaguan.sla.computing import BREACHED, Reckoning
from zaguan.sla.judging import Work
from zaguan.sla.models import PolicyVersion
from zaguan.sla.rows import Row

# The columns of a `Difference` that `Found.values` gives.
COLUMNS = (
    *("ticket_id", "kind", "policy_before", "policy_after"),
    *("state_before", "state_after", "due_before", "due_after"),
)


class Found(NamedTuple):
    """One target whose deadline, rest or policy would be another: its row, and its count; None where there is none."""

    number: int
    row: Row | None
    reckoned: Reckoning | None

    @property
    def becomes_missed(self) -> bool:
        return self._after == BREACHED != self._before

    @property
    def is_saved(self) -> bool:
        return self._before == BREACHED != self._after

    @property
    def _before(self) -> str:
        return self.row.state if self.row else ""

    @property
    def _after(self) -> str:
        return self.reckoned.state if self.reckoned else ""

    def values(self, versions: Mapping[int, PolicyVersion]) -> tuple[Any, ...]:
        """As the table of differences keeps it."""
        row, reckoned = self.row, self.reckoned
        before = versions.get(row.version_id) if row else None
        after = versions.get(reckoned.terms.version_id) if reckoned else None
        kind = row.kind if row else reckoned.round.kind if reckoned else ""
        return (
            self.number, kind, before.name if before else "", after.name if after else "", self._before, self._after,
            row.due_at if row else None, reckoned.due_at if reckoned else None,
        )  # fmt: skip


def differences_of(work: Work, now: datetime) -> list[Found]:
    """One for each target that would be another."""
    number = work.known.number
    rows = {(row.kind, row.started_at): row for row in work.rows if row.met_at is None}
    found = []
    for reckoned in work.reckonings(now):
        row = rows.pop(reckoned.key, None)
        if reckoned.is_open and (row is None or _is_other(row, reckoned)):
            found.append(Found(number, row, reckoned))
    return found + [Found(number, row, None) for row in rows.values()]


def _is_other(row: Row, reckoned: Reckoning) -> bool:
    return (
        row.due_at != reckoned.due_at
        or row.left != reckoned.left
        or row.policy_id != reckoned.terms.policy_id
    )
