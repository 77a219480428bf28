"""Days and spans as people write them in a filter: 2026-11-01, 2026-11, today, 7d, 2026-11-01..2026-11-15."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.folding import squeeze
from zaguan.tickets.filtering import NotUnderstood

Span = tuple[datetime | None, datetime | None]
_DAYS = {"today": 0, "hoy": 0, "hoje": 0, "yesterday": 1, "ayer": 1, "ontem": 1}
_AGO = re.compile(r"(\d{1,4})(h|d|w|sem|m|mes|y|a)")
_HOURS = {"h": 1, "d": 24, "w": 168, "sem": 168, "m": 720, "mes": 720, "y": 8760, "a": 8760}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_LOCAL_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def span_of(value: str) -> Span:
    """From (included) and until (excluded), either may be open; raises NotUnderstood."""
    if ".." in value:
        first, last = value.split("..", 1)
        return (span_of(first)[0] if first else None), (span_of(last)[1] if last else None)
    if value[:1] in "<>" and len(value) > 1:
        start, end = span_of(value[1:].lstrip("="))
        return (None, start) if value[0] == "<" else ((end if "=" not in value else start), None)
    return _ago(value) or _day(value)


def _ago(value: str) -> Span | None:
    match = _AGO.fullmatch(squeeze(value))
    if match is None:
        return None
    return timezone.now() - timedelta(hours=int(match[1]) * _HOURS[match[2]]), None


def _day(value: str) -> Span:
    word = squeeze(value)
    if word in _DAYS:
        first = timezone.localdate() - timedelta(days=_DAYS[word])
        return _midnight(first), _midnight(first + timedelta(days=1))
    try:
        first, last = _calendar(value)
    except ValueError as error:
        sentence = _("“%(value)s” is not a date. Write 2026-11-01, 2026-11, today or 7d.")
        raise NotUnderstood(sentence % {"value": value}) from error
    return _midnight(first), _midnight(last)


def _calendar(value: str) -> tuple[date, date]:
    if match := _LOCAL_DATE.fullmatch(value):
        first = date(int(match[3]), int(match[2]), int(match[1]))
        return first, first + timedelta(days=1)
    match = _DATE.fullmatch(value)
    if match is None:
        raise ValueError(value)
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    first = date(year, month, day)
    if match[3]:
        return first, first + timedelta(days=1)
    if match[2]:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
