"""Which part of a stretch of work is normal time, overtime or night: cut along the desk's calendar, in its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.tickets.models import TimeKind, TimeRule

Span = tuple[datetime, datetime]
DAYS = 7


@dataclass(frozen=True)
class Segment:
    """A stretch of one kind."""

    kind: str
    start: datetime
    end: datetime
    minutes: int


def zone_of(rule: TimeRule) -> ZoneInfo:
    """The zone in which the calendar's clocks run."""
    return ZoneInfo(rule.zone or "UTC")


def segments(start: datetime, end: datetime, rule: TimeRule) -> list[Segment]:
    """The stretch in order, cut where the kind changes; the minutes add up to those of the whole."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    nights, shifts = _spans(start, end, rule)
    borders = sorted(
        {start, end, *(edge for span in [*nights, *shifts] for edge in span if start < edge < end)}
    )
    pieces: list[tuple[str, datetime, datetime]] = []
    for first, last in pairwise(borders):
        kind = _kind(first, nights, shifts, has_hours=any(rule.hours.values()))
        if pieces and pieces[-1][0] == kind:
            first = pieces.pop()[1]
        pieces.append((kind, first, last))
    return _counted(pieces, start)


def _counted(pieces: list[tuple[str, datetime, datetime]], start: datetime) -> list[Segment]:
    found, before = [], 0
    for kind, first, last in pieces:
        # Rounded along the way, so that no minute gets lost between pieces.
        until = round((last - start).total_seconds() / 60)
        if until > before:
            found.append(Segment(kind, first, last, until - before))
        before = until
    return found


def _spans(start: datetime, end: datetime, rule: TimeRule) -> tuple[list[Span], list[Span]]:
    zone = zone_of(rule)
    day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    nights, shifts = [], []
    while day <= last:
        if rule.night_from is not None and rule.night_until is not None:
            nights.append(_span(day, rule.night_from, rule.night_until, zone))
        for opens, closes in rule.hours.get(str(day.weekday()), []):
            shifts.append(_span(day, clock(opens), clock(closes), zone))
        day += timedelta(days=1)
    return nights, shifts


def _span(day: date, opens: time, closes: time, zone: ZoneInfo) -> Span:
    """From one clock time to the next occurrence of the other; 24:00 is written 00:00."""
    next_day = day + timedelta(days=1) if closes <= opens else day
    first, last = (datetime.combine(d, t, tzinfo=zone) for d, t in ((day, opens), (next_day, closes)))
    return first.astimezone(UTC), last.astimezone(UTC)


def _kind(moment: datetime, nights: list[Span], shifts: list[Span], *, has_hours: bool) -> str:
    if any(first <= moment < last for first, last in nights):
        return TimeKind.NIGHT
    if not has_hours or any(first <= moment < last for first, last in shifts):
        return TimeKind.NORMAL
    return TimeKind.OVERTIME


def clock(text: str) -> time:
    """A time written as 9:30; Refused for anything else."""
    hours, _colon, minutes = text.strip().partition(":")
    try:
        return time(int(hours) % 24, int(minutes or 0))
    except ValueError:
        raise Refused(_("“%(text)s” is not a time. Write 09:00.") % {"text": text}, field="hours") from None


def read_hours(text: str) -> list[list[str]]:
    """Hours written as 9:00-13:00, 15:00-19:00: pairs in order; Refused for what overlaps or cannot be read."""
    pairs = []
    for part in filter(None, (each.strip() for each in text.replace("–", "-").replace(";", ",").split(","))):
        opens, dash, closes = part.partition("-")
        if not dash:
            raise Refused(
                _("“%(text)s” is no span of time. Write 09:00-18:00.") % {"text": part}, field="hours"
            )
        pairs.append([f"{clock(opens):%H:%M}", f"{clock(closes):%H:%M}"])
    pairs.sort()
    for number, (opens, closes) in enumerate(pairs):
        runs_over = closes <= opens and closes != "00:00"
        overlaps = number + 1 < len(pairs) and (closes > pairs[number + 1][0] or closes == "00:00")
        if runs_over or overlaps:
            raise Refused(_("The hours of a day must not overlap, and end after they begin."), field="hours")
    return pairs


def write_hours(pairs: list[Any]) -> str:
    """The same as text."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in pairs)
