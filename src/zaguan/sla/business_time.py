"""Business time: how much of a stretch lies within opening hours, and when so much of it has passed. Pure, no database.

How wall times are read: each edge of a span is turned into a moment once. An hour that the clocks skip is read as if they
had not been changed yet (02:30 becomes 03:30), an hour that they repeat means the first time. A span belongs to the day it
begins on, also when it runs past midnight; what replaces or closes that day goes for the whole span. A day that the zone
leaves out (Apia, 30 December 2011) has no hours. Spans that meet or overlap count once, and what counts are seconds in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from zaguan.sla.opening_index import MICROSECONDS, Block, Spans, build

DAY = 86400
# Nobody waits longer; a deadline beyond it is a mistake in the hours or in the target.
HORIZON_YEARS = 150
FIRST_YEAR, LAST_YEAR = 2, 9998
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NeverOpens(ValueError):  # noqa: N818 (read by people)
    """These hours hold too little open time for what was asked: none at all, or not within 150 years."""


@dataclass(frozen=True)
class Hours:
    """Opening hours on the wall clock of an IANA zone.

    `week` has seven tuples, Monday first, of spans in seconds since midnight; 86400 is 24:00, and a span that runs past
    midnight ends beyond it (22:00–06:00 is (79200, 108000)). `days` replaces the spans of single dates; () closes one.
    """

    zone: str
    week: tuple[Spans, ...]
    days: Mapping[date, Spans] = field(default_factory=dict)
    blocks: dict[int, Block] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        for spans in (*self.week, *self.days.values()):
            if any(not 0 <= start < end <= 2 * DAY for start, end in spans):
                raise ValueError(f"Not spans of a day: {spans}")

    @property
    def opens_weekly(self) -> bool:
        """True when a week without exceptions has any hours."""
        return any(self.week)

    def block(self, year: int) -> Block:
        """The open intervals of a year, made once and kept."""
        found = self.blocks.get(year)
        if found is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise NeverOpens(f"No hours are known for the year {year}.")
            found = self.blocks[year] = build(self.zone, self.week, self.days, year)
        return found


ALWAYS = Hours("UTC", (((0, DAY),),) * 7)


def add(hours: Hours, start: datetime, seconds: int) -> datetime:
    """The first moment at which so many open seconds have passed since `start`.

    0 gives the first open moment at or after it. Raises NeverOpens when there is no such moment.
    """
    if seconds < 0:
        return subtract(hours, start, -seconds)
    at = _micros(start)
    block = _block_at(hours, at, start.year)
    wanted = block.open_before(at) + seconds * MICROSECONDS
    if seconds and wanted <= block.total:  # nearly always
        return _moment(block.moment(bisect_left(block.sums, wanted), wanted))
    return _add_beyond(hours, block, at, wanted, seconds)


def _add_beyond(hours: Hours, block: Block, at: int, wanted: int, seconds: int) -> datetime:
    """Through as many years as it takes."""
    if not seconds and (opening := block.opening(at)) is not None:
        return _moment(opening)
    for year in _years_after(hours, block.year):
        wanted -= block.total
        block = hours.block(year)
        if not seconds:
            if (opening := block.opening(at)) is not None:
                return _moment(opening)
        elif wanted <= block.total:
            return _moment(block.moment(bisect_left(block.sums, wanted), wanted))
    raise NeverOpens(f"These hours are not open for {seconds} seconds after {block.year}.")


def subtract(hours: Hours, end: datetime, seconds: int) -> datetime:
    """The last moment from which so many open seconds pass until `end`.

    0 gives the last moment at or before it that ends an open second.
    """
    if seconds < 0:
        return add(hours, end, -seconds)
    at = _micros(end)
    block = _block_at(hours, at, end.year)
    wanted = block.open_before(at) - seconds * MICROSECONDS
    for year in _years_before(hours, block.year):
        if not seconds:
            closing = block.closing(at)
            if closing is not None:
                return _moment(closing)
        elif wanted >= 0:
            return _moment(block.moment(bisect_right(block.sums, wanted), wanted))
        block = hours.block(year)
        wanted += block.total
    raise NeverOpens(f"These hours are not open for {seconds} seconds before {end:%Y-%m-%d}.")


def between(hours: Hours, start: datetime, end: datetime) -> int:
    """How many open seconds lie between two moments, in whole ones; 0 when the second comes first."""
    first, last = _micros(start), _micros(end)
    if last < first:
        return 0
    block, final = _block_at(hours, first, start.year), _block_at(hours, last, end.year)
    passed = final.open_before(last) - block.open_before(first)
    passed += sum(hours.block(year).total for year in range(block.year, final.year))
    return passed // MICROSECONDS


def is_open(hours: Hours, at: datetime) -> bool:
    """True from the moment of opening until just before that of closing."""
    moment = _micros(at)
    return _block_at(hours, moment, at.year).opening(moment) == moment


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The first open moment at or after `at`; None when there is none any more."""
    try:
        return add(hours, at, 0)
    except NeverOpens:
        return None


def open_spans(hours: Hours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches between two moments, in order and cut at both: what "why this deadline" lists."""
    first, last = _micros(start), _micros(end)
    if first >= last:
        return
    held: tuple[int, int] | None = None
    for year in range(_block_at(hours, first, start.year).year, _block_at(hours, last, end.year).year + 1):
        for opens, closes in hours.block(year).within(first, last):
            if held is not None and held[1] == opens:
                held = held[0], closes
                continue
            if held is not None:
                yield _moment(held[0]), _moment(held[1])
            held = opens, closes
    if held is not None:
        yield _moment(held[0]), _moment(held[1])


def _block_at(hours: Hours, at: int, year: int) -> Block:
    """The block of a moment, which the year in UTC nearly tells."""
    block = hours.blocks.get(year)
    if block is None:
        block = hours.block(year)
    if at < block.begins:
        return hours.block(year - 1)
    return block if at < block.ends else hours.block(year + 1)


def _years_after(hours: Hours, year: int) -> range:
    """The years to look at next; ends where nothing can come any more."""
    if hours.opens_weekly:
        return range(year + 1, min(year + HORIZON_YEARS, LAST_YEAR))
    return range(year + 1, max((day.year for day in hours.days), default=year) + 2)


def _years_before(hours: Hours, year: int) -> range:
    if hours.opens_weekly:
        return range(year - 1, max(year - HORIZON_YEARS, FIRST_YEAR) - 1, -1)
    return range(year - 1, min((day.year for day in hours.days), default=year) - 3, -1)


def _micros(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * DAY + since.seconds) * MICROSECONDS + since.microseconds


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
