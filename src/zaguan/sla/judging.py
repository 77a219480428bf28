"""One ticket with all that its clocks are made from, and its rows as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zaguan.sla import choosing
from zaguan.sla.business_time import Hours
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.computing import Ended, Judge, Reckoning, compute
from zaguan.sla.gathering import Known
from zaguan.sla.models import PolicyVersion
from zaguan.sla.rows import Row


class Judges:
    """By what tickets are judged: one for each version, team and urgency, however many tickets share it."""

    def __init__(self) -> None:
        self.versions = choosing.versions.all()
        self._made: dict[tuple[int, int | None, int | None], Judge] = {}

    def of(self, version: PolicyVersion, known: Known) -> Judge:
        """The version's terms, in its calendar or that of the ticket's team."""
        key = version.pk, known.team_id, known.urgency_id
        found = self._made.get(key)
        if found is None:
            hours = hours_for(version, known.team_id)
            found = self._made[key] = Judge(version.terms, hours, known.urgency_id)
        return found

    def earlier(self, rows: Sequence[Row], known: Known) -> dict[Ended, Judge]:
        """By what the rounds that ended were judged."""
        found = {}
        for row in rows:
            if row.met_at is not None and (version := self.versions.get(row.version_id)) is not None:
                judge = self.of(version, known)._replace(seconds=row.seconds)
                found[row.kind, row.started_at, row.met_at] = judge
        return found


@dataclass(slots=True)
class Work:
    """One ticket with all that its clocks are made from; those of one batch share their judges."""

    known: Known
    rows: list[Row]
    version: PolicyVersion | None
    judges: Judges = field(default_factory=Judges)

    def reckonings(self, now: datetime, *, told: bool = False) -> list[Reckoning]:
        """Every clock, as it should be."""
        judge = self.judges.of(self.version, self.known) if self.version else None
        earlier = self.judges.earlier(self.rows, self.known)
        return compute(self.known.facts, judge, now, earlier=earlier, told=told)


def hours_for(version: PolicyVersion, team_id: int | None) -> Hours:
    """The opening hours that a version counts in."""
    return hours_of(version.calendar_id or calendar_of_team(team_id))


def present_version(rows: Sequence[Row]) -> PolicyVersion | None:
    """The version that the ticket's clocks go by: that of what runs, else of what started last."""
    if not rows:
        return None
    last = max(rows, key=lambda row: (row.is_open, row.started_at, row.id))
    return choosing.versions.get(last.version_id)
