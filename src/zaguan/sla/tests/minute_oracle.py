"""Business time once more, by walking the wall clock minute by minute: slow, and with nothing of the real one in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Walk:
    """Some days of a zone's wall clock: which minute first showed each wall time, and which days there were."""

    begins: datetime
    minutes: int
    first: Mapping[datetime, int]
    days: frozenset[date]

    def minute_of(self, wall: datetime) -> int:
        """When the clock first showed it; a time that it skipped, counted on from the last one before."""
        late = 0
        while wall - late * MINUTE not in self.first:
            late += 1
        return self.first[wall - late * MINUTE] + late


@lru_cache(maxsize=64)
def walk(zone: str, around: date, days: int) -> Walk:
    """Walk from so many days before a day until so many after it."""
    begins = datetime(around.year, around.month, around.day, tzinfo=UTC) - (days + 4) * DAY
    minutes = (2 * days + 8) * 1440
    clock = ZoneInfo(zone)
    first: dict[datetime, int] = {}
    for number in range(minutes):
        wall = (begins + number * MINUTE).astimezone(clock).replace(tzinfo=None)
        first.setdefault(wall, number)
    return Walk(begins, minutes, first, frozenset(wall.date() for wall in first))


def open_minutes(walked: Walk, week: Sequence[Spans], days: Mapping[date, Spans]) -> bytearray:
    """One byte a minute: 1 where it is open."""
    found = bytearray(walked.minutes)
    # The outermost days are walked only in part.
    for day in sorted(walked.days)[2:-2]:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a wall clock)
        for start, end in days.get(day, week[day.weekday()]):
            opens, closes = (walked.minute_of(midnight + timedelta(seconds=edge)) for edge in (start, end))
            found[opens:closes] = b"\1" * max(closes - opens, 0)
    return found


def minute_after(found: bytearray, start: int, minutes: int) -> int | None:
    """The first minute at which so many open ones have passed; for 0 the first open one. None: not in the walk."""
    if not minutes:
        place = found.find(1, start)
        return place if place >= 0 else None
    for number in range(start, len(found)):
        minutes -= found[number]
        if not minutes:
            return number + 1
    return None


def minute_before(found: bytearray, end: int, minutes: int) -> int | None:
    """The last minute from which so many open ones pass until `end`."""
    for number in range(end - 1, -1, -1):
        minutes -= found[number]
        if not minutes:
            return number
    return None
