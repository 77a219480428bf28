"""Moments and spans in few letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from zaguan.ui.times import day_name, short_time, span

NOW = datetime(2026, 5, 12, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=2, minutes=14), "2 h 14 min"),
        (timedelta(hours=7, minutes=40), "7 h"),
        (timedelta(hours=13), "08:30"),
        (timedelta(days=1, hours=2), "yesterday"),
        (timedelta(days=40), "2 Apr"),
        (timedelta(days=400), "7 Apr 2025"),
    ],
)
def test_short_time_says_it_in_few_words(ago: timedelta, words: str) -> None:
    with timezone.override("UTC"), translation.override("en"):
        assert short_time(NOW - ago, NOW) == words


def test_short_time_follows_the_language_even_when_a_day_was_said_before() -> None:
    moment = NOW - timedelta(days=120)
    with timezone.override("UTC"):
        with translation.override("en"):
            assert short_time(moment, NOW) == "12 Jan"
        with translation.override("es"):
            assert short_time(moment, NOW) == "12 ene"


def test_today_and_yesterday_are_those_of_the_reader() -> None:
    # 01:00 in UTC is still the day before in Montevideo.
    night = datetime(2026, 5, 13, 1, 0, tzinfo=UTC)
    with translation.override("en"):
        with timezone.override("UTC"):
            assert day_name(NOW, night) == "Yesterday"
        with timezone.override("America/Montevideo"):
            assert day_name(NOW, night) == "Today"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "1 min"),
        (-840, "14 min"),
        (3600, "1 h"),
        (8040, "2 h 14 min"),
        (25000, "6 h"),
        (97200, "1 d 3 h"),
        (400000, "4 d"),
    ],
)
def test_span_has_at_most_two_units(seconds: float, words: str) -> None:
    assert span(seconds) == words
