"""Business time against a walk over the wall clock, minute by minute, around changes of the clocks all over the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.sla.business_time import Hours, add, between, is_open, open_spans, subtract
from zaguan.sla.tests.minute_oracle import MINUTE, Walk, minute_after, minute_before, open_minutes, walk

REACH = 5
# The last days of a walk are walked only in part.
EDGE = 3 * 1440
# Both changes of a year, at two in the morning and at midnight, by an hour and by half of one; a day that never was.
PLACES = [
    ("America/Sao_Paulo", date(2018, 2, 18)), ("America/Sao_Paulo", date(2018, 11, 4)), ("America/Sao_Paulo", date(2026, 2, 17)),
    ("Europe/Madrid", date(2026, 3, 29)), ("Europe/Madrid", date(2026, 10, 25)), ("Atlantic/Azores", date(2026, 3, 29)),
    ("America/Santiago", date(2026, 4, 5)), ("America/Santiago", date(2026, 9, 6)), ("Asia/Kolkata", date(2026, 3, 8)),
    ("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Apia", date(2012, 4, 1)), ("Pacific/Apia", date(2012, 9, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)), ("America/Havana", date(2026, 11, 1)),
    ("Asia/Kathmandu", date(2025, 12, 31)), ("Asia/Beirut", date(2026, 3, 29)), ("Africa/Casablanca", date(2026, 2, 15)),
    ("America/Caracas", date(2016, 5, 1)), ("Pacific/Kwajalein", date(1993, 8, 21)), ("UTC", date(2026, 1, 1)),
]  # fmt: skip


@st.composite
def spans_of_day(draw: Any) -> tuple[tuple[int, int], ...]:
    """Up to three spans, in any order, that may meet, overlap and run past midnight."""
    found = []
    for _number in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, 1439))
        found.append((start * 60, (start + draw(st.integers(1, 1440))) * 60))
    return tuple((start, min(end, 2 * 86400)) for start, end in found)


@dataclass(frozen=True)
class Case:
    """Hours, the walk over their clock, its open minutes, and two minutes in the middle of it."""

    hours: Hours
    walked: Walk = field(repr=False)
    found: bytearray = field(repr=False)
    first: int
    last: int

    @property
    def start(self) -> datetime:
        return self.walked.begins + self.first * MINUTE

    @property
    def end(self) -> datetime:
        return self.walked.begins + self.last * MINUTE


@st.composite
def cases(draw: Any) -> Case:
    """Any hours, anywhere."""
    zone, around = draw(st.sampled_from(PLACES))
    week = tuple(draw(spans_of_day()) for _day in range(7))
    days = draw(st.dictionaries(st.integers(-REACH, REACH), spans_of_day(), max_size=3))
    other = {around + timedelta(days=number): spans for number, spans in days.items()}
    walked = walk(zone, around, REACH)
    middle = walked.minutes // 2
    first, last = sorted((draw(st.integers(-4000, 4000)) + middle, draw(st.integers(-4000, 4000)) + middle))
    return Case(Hours(zone, week, other), walked, open_minutes(walked, week, other), first, last)


@settings(max_examples=120, deadline=None)
@given(cases(), st.integers(0, 3000))
def test_it_agrees_with_a_walk_over_the_wall_clock(case: Case, minutes: int) -> None:
    assert between(case.hours, case.start, case.end) == sum(case.found[case.first : case.last]) * 60
    assert is_open(case.hours, case.start) == bool(case.found[case.first])
    due = minute_after(case.found, case.first, minutes)
    if due is not None and due < case.walked.minutes - EDGE:
        assert add(case.hours, case.start, minutes * 60) == case.walked.begins + due * MINUTE
    since = minute_before(case.found, case.last, minutes) if minutes else None
    if since is not None and since > EDGE:
        assert subtract(case.hours, case.end, minutes * 60) == case.walked.begins + since * MINUTE


@settings(max_examples=80, deadline=None)
@given(cases(), st.integers(0, 400_000), st.integers(0, 999_999))
def test_adding_and_counting_undo_each_other(case: Case, seconds: int, micros: int) -> None:
    hours, start = case.hours, case.start + timedelta(microseconds=micros)
    if not hours.opens_weekly:
        return
    due = add(hours, start, seconds)
    assert between(hours, start, due) == seconds
    if seconds:
        assert between(hours, start, due - timedelta(microseconds=1)) < seconds
        assert between(hours, subtract(hours, due, seconds), due) == seconds


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_open_stretches_are_what_was_counted(case: Case) -> None:
    spans = list(open_spans(case.hours, case.start, case.end))
    total = sum((closes - opens).total_seconds() for opens, closes in spans)
    assert total == between(case.hours, case.start, case.end)
    assert all(case.start <= opens < closes <= case.end for opens, closes in spans)
    assert all(left[1] < right[0] for left, right in pairwise(spans))
    middle = case.start + (case.last - case.first) // 3 * MINUTE
    assert between(case.hours, case.start, middle) + between(case.hours, middle, case.end) == total


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES), st.integers(0, 10**9), st.integers(0, 10**9))
def test_round_the_clock_is_elapsed_time_in_every_zone(place: Any, since: int, seconds: int) -> None:
    hours = Hours(place[0], (((0, 86400),),) * 7)
    start = datetime(1995, 6, 1, tzinfo=UTC) + timedelta(seconds=since)
    assert add(hours, start, seconds) == start + timedelta(seconds=seconds)
    assert between(hours, start, start + timedelta(seconds=seconds)) == seconds
