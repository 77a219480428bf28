"""How fast business time is counted: a million deadlines, a million stretches, and a calendar's index made anew.

python bench/business_time.py
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

from zaguan.sla.business_time import Hours, add, between, is_open  # noqa: E402

MANY = 1_000_000
HOUR = 3600
ZONES = ("Europe/Madrid", "America/Sao_Paulo", "America/Santiago", "Asia/Kolkata", "America/New_York")


def main() -> None:
    """Print a line for each: seconds of the processor, since nothing here waits."""
    calendars = [_calendar(zone) for zone in ZONES * 10]
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    dice = random.Random(7)
    starts = [begin + timedelta(seconds=dice.randrange(3 * 365 * 86400)) for _each in range(MANY)]
    lengths = [dice.choice((1, 4, 8, 24, 40)) * HOUR for _each in range(MANY)]
    _measure("the index of a year, made anew", 500, lambda: _fresh(500))
    _measure("deadlines (add), 50 calendars", MANY, lambda: _deadlines(calendars, starts, lengths))
    _measure("stretches (between)", MANY, lambda: _stretches(calendars, starts, lengths))
    _measure("open or not (is_open)", MANY, lambda: _openings(calendars, starts))


def _calendar(zone: str) -> Hours:
    """Two spans a day, Saturdays in the morning, twelve holidays in each of four years."""
    day = ((9 * HOUR, 14 * HOUR), (16 * HOUR, 19 * HOUR))
    days = {date(year, month, 6): () for year in range(2024, 2028) for month in range(1, 13)}
    return Hours(zone, (day,) * 5 + (((10 * HOUR, 14 * HOUR),), ()), days)


def _fresh(count: int) -> None:
    for number in range(count):
        _calendar(ZONES[number % len(ZONES)]).block(2026)


def _deadlines(calendars: list[Hours], starts: list[datetime], lengths: list[int]) -> None:
    many = len(calendars)
    for number, start in enumerate(starts):
        add(calendars[number % many], start, lengths[number])


def _stretches(calendars: list[Hours], starts: list[datetime], lengths: list[int]) -> None:
    many = len(calendars)
    for number, start in enumerate(starts):
        between(calendars[number % many], start, start + timedelta(seconds=5 * lengths[number]))


def _openings(calendars: list[Hours], starts: list[datetime]) -> None:
    many = len(calendars)
    for number, start in enumerate(starts):
        is_open(calendars[number % many], start)


def _measure(name: str, count: int, work: Callable[[], None]) -> None:
    began = time.process_time()
    work()
    took = time.process_time() - began
    print(f"{name:<34} {count:>9,} in {took:6.2f} s  {count / took:>12,.0f} per second")


if __name__ == "__main__":
    main()
