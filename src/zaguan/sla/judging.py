"""One ticket with all that its clocks are made from, and its rows as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zaguan.lib.many import PreparedMany
from zaguan.lib.new_rows import new
from zaguan.sla import choosing
from zaguan.sla.business_time import Hours
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.computing import Ended, Judge, Reckoning, compute
from zaguan.sla.gathering import Known
from zaguan.sla.models import Clock, PolicyVersion

FIELDS: tuple[str, ...] = tuple(field.attname for field in Clock._meta.concrete_fields)
_many = PreparedMany(lambda numbers: Clock.objects.filter(ticket_id__in=numbers).values_list(*FIELDS))


@dataclass(slots=True)
class Work:
    """One ticket with all that its clocks are made from."""

    known: Known
    rows: list[Clock]
    version: PolicyVersion | None

    def reckonings(self, now: datetime, *, told: bool = False) -> list[Reckoning]:
        """Every clock, as it should be."""
        judge = self.judge(self.version) if self.version else None
        return compute(self.known.facts, judge, now, earlier=self.earlier(), told=told)

    def earlier(self) -> dict[Ended, Judge]:
        """By what the rounds that ended were judged."""
        rows = choosing.versions.all()
        found = {}
        for row in self.rows:
            version = rows.get(row.version_id)
            if version is not None and row.met_at is not None:
                found[row.kind, row.started_at, row.met_at] = self.judge(version, row.seconds)
        return found

    def judge(self, version: PolicyVersion, seconds: int | None = None) -> Judge:
        """The version's terms, in its calendar or that of the ticket's team."""
        hours = hours_for(version, self.known.team_id)
        return Judge(version.terms, hours, self.known.urgency_id, seconds)


def hours_for(version: PolicyVersion, team_id: int | None) -> Hours:
    """The opening hours that a version counts in."""
    return hours_of(version.calendar_id or calendar_of_team(team_id))


def present_version(rows: Sequence[Clock]) -> PolicyVersion | None:
    """The version that the ticket's clocks go by: that of what runs, else of what started last."""
    if not rows:
        return None
    last = max(rows, key=lambda row: (row.is_open, row.started_at, row.pk))
    return choosing.versions.get(last.version_id)


def read_many(numbers: Sequence[int]) -> dict[int, list[Clock]]:
    """The rows of many tickets, in the order of their start."""
    found: dict[int, list[Clock]] = {number: [] for number in numbers}
    for values in _many(numbers):
        row = new(Clock)
        row.__dict__.update(zip(FIELDS, values, strict=True))
        row._state.adding = False
        found[row.ticket_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.started_at, row.pk))
    return found
