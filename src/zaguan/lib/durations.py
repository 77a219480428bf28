"""Lengths of time as people type them: 25, 1:25, 1h 25, 1,5 h, where days have a length 2 d 4 h – in minutes."""

from __future__ import annotations

import re

DAY = 24 * 60
_DAYS = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*d[a-zí]*\s*(.*)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_WORDS = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*h[a-z]*)?\s*(?:(\d{1,4})\s*(?:m[a-z]*)?)?", re.IGNORECASE
)


def minutes_in(text: str) -> int | None:
    """How many minutes that is, or None for what is no length of time."""
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        return int(match[1]) * 60 + int(match[2])
    match = _WORDS.fullmatch(text)
    if not text or match is None or not (match[1] or match[2]):
        return None
    hours = float(match[1].replace(",", ".")) if match[1] else 0.0
    return round(hours * 60) + int(match[2] or 0)


def says_days(text: str) -> bool:
    """Whether a length is told in days, which only the clock on the wall has always the same of."""
    return _DAYS.fullmatch(text.strip()) is not None


def minutes_with_days(text: str) -> int | None:
    """How many minutes that is where a day has 24 hours."""
    match = _DAYS.fullmatch(text.strip())
    if match is None:
        return minutes_in(text)
    rest = minutes_in(match[2]) if match[2] else 0
    return None if rest is None else round(float(match[1].replace(",", ".")) * DAY) + rest
