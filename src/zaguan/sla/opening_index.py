"""The open intervals of one year in UTC, with sums, so that a deadline is two searches and no walk."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MICROSECONDS = 1_000_000
SECONDS = 86_400
Span = tuple[int, int]
Spans = tuple[Span, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
# A span runs over into two days, and a zone may leave one out.
_OVERLAP = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Block:
    """A local year: it covers the moments from `begins` until before `ends`. Everything is in microseconds since 1970.

    Interval number i is open from opens[i] until before closes[i]; sums[i] is the open time until its end.
    """

    year: int
    begins: int
    ends: int
    opens: Sequence[int]
    closes: Sequence[int]
    sums: Sequence[int]
    total: int

    def open_before(self, at: int) -> int:
        """How much of the block is open before a moment."""
        number = bisect_right(self.opens, at) - 1
        if number < 0:
            return 0
        left = self.closes[number] - at
        return self.sums[number] - left if left > 0 else self.sums[number]

    def moment(self, number: int, passed: int) -> int:
        """The moment within an interval at which so much of the block has passed."""
        return self.closes[number] - (self.sums[number] - passed)

    def opening(self, at: int) -> int | None:
        """The first open moment at or after another, if the block has one."""
        number = bisect_right(self.opens, at) - 1
        if number >= 0 and at < self.closes[number]:
            return at
        return self.opens[number + 1] if number + 1 < len(self.opens) else None

    def closing(self, at: int) -> int | None:
        """The last moment at or before another that ends open time, if the block has one."""
        number = bisect_right(self.opens, at) - 1
        if number >= 0 and self.opens[number] == at:
            number -= 1  # nothing of this one has passed yet
        return min(at, self.closes[number]) if number >= 0 else None

    def within(self, first: int, last: int) -> Iterator[Span]:
        """The intervals between two moments, cut at both."""
        number = max(bisect_right(self.opens, first) - 1, 0)
        while number < len(self.opens) and self.opens[number] < last:
            span = max(self.opens[number], first), min(self.closes[number], last)
            if span[0] < span[1]:
                yield span
            number += 1


def build(zone: str, week: Sequence[Spans], days: Mapping[date, Spans], year: int) -> Block:
    """Read the hours of a year on the zone's wall clock."""
    clock = ZoneInfo(zone)
    begins, ends = (moment_of(date(each, 1, 1), 0, clock) for each in (year, year + 1))
    opens, closes, sums, total = [], [], [], 0
    for opening, closing in _merged(_read(clock, week, days, year)):
        opening, closing = max(opening, begins), min(closing, ends)
        if opening < closing:
            total += (closing - opening) * MICROSECONDS
            opens.append(opening * MICROSECONDS)
            closes.append(closing * MICROSECONDS)
            sums.append(total)
    return Block(year, begins * MICROSECONDS, ends * MICROSECONDS, opens, closes, sums, total)


def moment_of(day: date, second: int, clock: ZoneInfo) -> int:
    """Seconds since 1970 at which a wall clock first shows this time; a time it skips is read with the offset before."""
    wall = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    since = wall - _EPOCH
    offset = wall.replace(tzinfo=clock).utcoffset() or timedelta()
    return (since.days - offset.days) * 86400 + since.seconds - offset.seconds


def _read(clock: ZoneInfo, week: Sequence[Spans], days: Mapping[date, Spans], year: int) -> list[Span]:
    day, last = date(year, 1, 1) - _OVERLAP, date(year + 1, 1, 1) + _OVERLAP
    found: list[Span] = []
    midnight, next_one = moment_of(day, 0, clock), moment_of(day + _DAY, 0, clock)
    while day < last:
        spans = days.get(day)
        if spans is None:
            spans = week[day.weekday()]
        after = moment_of(day + 2 * _DAY, 0, clock)
        if after - next_one == next_one - midnight == SECONDS:
            # The clocks do not change before the longest span of this day ends.
            found += [(midnight + start, midnight + end) for start, end in spans]
        elif next_one != midnight:
            found += [(moment_of(day, start, clock), moment_of(day, end, clock)) for start, end in spans]
        day, midnight, next_one = day + _DAY, next_one, after
    return found


def _merged(spans: list[Span]) -> list[Span]:
    """In order, each moment once; what ends before it begins (its start was skipped) is nothing."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
