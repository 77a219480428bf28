"""Which days an iCalendar feed names: its all-day events, with those that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

MOST_DAYS = 3000
_LONGEST_EVENT = 60
_FREQUENCIES = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}


class NoCalendar(Exception):  # noqa: N818 (its reader says it to a person)
    """What was read is no iCalendar."""


def days_of(content: bytes, first: date, last: date) -> dict[str, str]:
    """ISO date → name of the days between two that the feed calls its own. Raises NoCalendar."""
    found: dict[str, str] = {}
    for event in _events(content):
        name = " ".join(str(event.get("summary", "")).split())[:80]
        for start, days in _dates(event, first - timedelta(days=_LONGEST_EVENT), last):
            for number in range(days):
                day = start + timedelta(days=number)
                if first <= day <= last and len(found) < MOST_DAYS:
                    found.setdefault(day.isoformat(), name)
    return dict(sorted(found.items()))


def _events(content: bytes) -> list[Any]:
    try:
        books = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as problem:
        raise NoCalendar(str(problem)) from None
    if not books or any(not isinstance(book, Calendar) for book in books):
        raise NoCalendar
    return [event for book in books for event in book.walk("VEVENT") if isinstance(event, Event)]


def _dates(event: Any, first: date, last: date) -> Iterator[tuple[date, int]]:
    """When it begins and for how many days; nothing for meetings, and for what was called off."""
    start = _day(event.get("dtstart"))
    if start is None or str(event.get("status", "")).upper() == "CANCELLED":
        return
    end = _day(event.get("dtend"))
    days = (end - start).days if end else getattr(getattr(event.get("duration"), "dt", None), "days", 1)
    without = {day for row in _rows(event.get("exdate")) for day in _listed(row)}
    added = {day for row in _rows(event.get("rdate")) for day in _listed(row)}
    for day in sorted({start, *added, *_repeated(event, start, first, last)} - without):
        yield day, min(max(days, 1), _LONGEST_EVENT)


def _day(value: Any) -> date | None:
    """A date without a time."""
    found = getattr(value, "dt", None)
    return found if isinstance(found, date) and not isinstance(found, datetime) else None


def _rows(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _listed(row: Any) -> Iterator[date]:
    for each in getattr(row, "dts", []):
        found = each.dt.date() if isinstance(each.dt, datetime) else each.dt
        if isinstance(found, date):
            yield found


def _repeated(event: Any, start: date, first: date, last: date) -> list[date]:
    rules = _rows(event.get("rrule"))
    frequencies = {str(value).upper() for rule in rules for value in _rows(rule.get("freq"))}
    # By the hour makes no days; and a daily one with conditions might be looked for until the year 9999.
    if not frequencies or frequencies - _FREQUENCIES or ("DAILY" in frequencies and _has_conditions(rules)):
        return []
    begins = datetime(start.year, start.month, start.day, tzinfo=UTC)
    found: list[date] = []
    for rule in rules:
        text = _in_utc(rule)
        try:
            times = rrulestr(text, dtstart=begins).xafter(_midnight(first), count=MOST_DAYS, inc=True)
            found += [each.date() for each in islice(times, MOST_DAYS) if each.date() <= last]
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return found


def _has_conditions(rules: list[Any]) -> bool:
    return any(str(name).upper().startswith("BY") for rule in rules for name in rule)


def _in_utc(rule: Any) -> str:
    """The rule with an end that dateutil can compare with a start in UTC."""
    parts = []
    for part in rule.to_ical().decode().split(";"):
        name, _equals, value = part.partition("=")
        if name.upper() == "UNTIL":
            value = f"{value[:8]}T235959Z"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
