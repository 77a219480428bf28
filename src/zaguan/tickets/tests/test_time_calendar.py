"""Kinds of time from the calendar: borders, nights, days on which the clocks change, no minute lost."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.lib.errors import Refused
from zaguan.tickets.models import TimeRule
from zaguan.tickets.time_calendar import read_hours, segments, write_hours

MADRID = ZoneInfo("Europe/Madrid")
HOURS = {str(day): [["09:00", "13:00"], ["15:00", "18:00"]] for day in range(5)}


def rule(**more: object) -> TimeRule:
    values = {"zone": "Europe/Madrid", "hours": HOURS, "night_from": time(22), "night_until": time(6)} | more
    return TimeRule(**values)


def cut(start: datetime, end: datetime, **more: object) -> list[tuple[str, int]]:
    return [(part.kind, part.minutes) for part in segments(start, end, rule(**more))]


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MADRID)


def test_work_within_the_hours_is_normal() -> None:
    assert cut(at(23, 9), at(23, 10, 25)) == [("normal", 85)]


def test_a_stretch_is_cut_at_each_border() -> None:
    monday = cut(at(23, 12, 30), at(23, 15, 10))
    assert monday == [("normal", 30), ("overtime", 120), ("normal", 10)]


def test_the_night_crosses_midnight() -> None:
    assert cut(at(23, 21), at(24, 7)) == [("overtime", 60), ("night", 480), ("overtime", 60)]


def test_a_saturday_is_overtime() -> None:
    assert cut(at(21, 10), at(21, 11)) == [("overtime", 60)]


def test_the_night_on_which_an_hour_is_missing_is_an_hour_shorter() -> None:
    # 29 March 2026, 02:00 → 03:00
    assert cut(at(28, 22, month=3), at(29, 6, month=3)) == [("night", 420)]


def test_the_night_that_has_an_hour_twice_is_an_hour_longer() -> None:
    # 25 October 2026, 03:00 → 02:00
    assert cut(at(24, 22, month=10), at(25, 6, month=10)) == [("night", 540)]


def test_the_calendars_zone_decides_not_the_clock_of_the_entry() -> None:
    assert cut(datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)) == [
        ("normal", 60)
    ]
    assert cut(
        datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC), zone="America/Lima"
    ) == [("night", 60)]


def test_without_hours_all_is_normal() -> None:
    assert cut(at(22, 3), at(22, 4), hours={}, night_from=None, night_until=None) == [("normal", 60)]


@settings(deadline=None)
@given(minute=st.integers(0, 525_000), seconds=st.integers(1, 86_400))
def test_no_minute_is_lost_or_counted_twice(minute: int, seconds: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    end = start + timedelta(seconds=seconds)
    found = segments(start, end, rule())
    assert sum(part.minutes for part in found) == round(seconds / 60)
    assert all(one.kind != two.kind for one, two in pairwise(found) if one.end == two.start)
    assert all(part.end > part.start for part in found)


def test_hours_are_read_as_people_write_them() -> None:
    assert read_hours("15-18:30; 9:00–13:00") == [["09:00", "13:00"], ["15:00", "18:30"]]
    assert write_hours(read_hours("9-13, 15-24")) == "09:00-13:00, 15:00-00:00"
    assert read_hours("") == []


@pytest.mark.parametrize("text", ["9", "25:00-26:00x", "9-13, 12-15", "18-9", "15-24, 16-17", "a-b"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_hours(text)
