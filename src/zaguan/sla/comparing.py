"""What a new count would change for the open clocks of one ticket."""

from __future__ import annotations

from datetime import datetime

from zaguan.lib.new_rows import new
from zaguan.sla.choosing import versions
from zaguan.sla.computing import Reckoning
from zaguan.sla.judging import Work
from zaguan.sla.models import Clock, Difference


def differences_of(work: Work, now: datetime) -> list[Difference]:
    """One for each target whose deadline, rest or policy would be another; not saved."""
    number = work.known.number
    rows = {(row.kind, row.started_at): row for row in work.rows if row.is_open}
    found = []
    for reckoned in work.reckonings(now):
        row = rows.pop(reckoned.key, None)
        if reckoned.is_open and (row is None or _is_other(row, reckoned)):
            found.append(_difference(number, row, reckoned))
    return found + [_difference(number, row, None) for row in rows.values()]


def _is_other(row: Clock, reckoned: Reckoning) -> bool:
    before = (row.due_at, row.left, row.policy_id)
    return before != (reckoned.due_at, reckoned.left, reckoned.terms.policy_id)


def _difference(number: int, row: Clock | None, reckoned: Reckoning | None) -> Difference:
    kind = row.kind if row else reckoned.round.kind if reckoned else ""
    return new(
        Difference,
        ticket_id=number,
        kind=kind,
        policy_before=_name(row.version_id) if row else "",
        policy_after=_name(reckoned.terms.version_id) if reckoned else "",
        state_before=row.state if row else "",
        state_after=reckoned.state if reckoned else "",
        due_before=row.due_at if row else None,
        due_after=reckoned.due_at if reckoned else None,
    )


def _name(version_id: int) -> str:
    version = versions.get(version_id)
    return version.name if version else ""
