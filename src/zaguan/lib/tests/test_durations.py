"""Lengths of time as people type them."""

from __future__ import annotations

import pytest

from zaguan.lib.durations import minutes_in, minutes_with_days, says_days


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1 d", 1440),
        ("1d 4h", 1680),
        ("1,5 días", 2160),
        ("2 days 1:30", 2970),
        ("90", 90),
        ("1 day soon", None),
        ("day", None),
    ],
)
def test_days_of_24_hours(typed: str, minutes: int | None) -> None:
    assert minutes_with_days(typed) == minutes


def test_days_are_no_length_where_they_have_none() -> None:
    assert says_days("1 d") is True
    assert says_days("24 h") is False
    assert minutes_in("1 d") is None
