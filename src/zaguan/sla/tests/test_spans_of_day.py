"""Hours of a day, as people write them."""

from __future__ import annotations

import pytest

from zaguan.lib.errors import Refused
from zaguan.sla.spans_of_day import read, seconds, write


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("9-14, 16:00-19:30", "09:00–14:00, 16:00–19:30"),
        ("9h–18h", "09:00–18:00"),
        ("16 a 20; 8.30 to 12", "08:30–12:00, 16:00–20:00"),
        ("0-24", "00:00–24:00"),
        ("22:00 – 6:00", "22:00–06:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert write(read(text)) == shown


@pytest.mark.parametrize(
    "text", ["9", "9-25", "24-6", "9-9", "9-12, 11-13", "x-y", "9:60-10", "22-6, 5-7, 23-24"]
)
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        read(text)


def test_midnight_ends_the_day_or_begins_it() -> None:
    assert seconds(read("0-24")) == ((0, 86400),)
    assert seconds([["18:00", "00:00"]]) == ((64800, 86400),)
    assert seconds(read("22-6")) == ((79200, 108000),)
