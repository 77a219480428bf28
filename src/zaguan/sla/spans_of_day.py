"""Spans of a day: as people write them, as rows hold them, and as seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused

DAY = 86400
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*h?", re.IGNORECASE)
# Between two times: hyphen, dashes, arrow, "a", "to", "até".
_DASH = re.compile(r"\s*(?:-|–|—|→|\bto\b|\ba\b|\bas\b|\bàs\b|\bhasta\b|\baté\b)\s*", re.IGNORECASE)


def seconds(pairs: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """Pairs of times in seconds since midnight; what ends at or before its beginning ends on the next day."""
    return tuple((_second(opens), _end(_second(opens), _second(closes))) for opens, closes in pairs)


def _second(clock: str) -> int:
    hours, _colon, minutes = clock.partition(":")
    return int(hours) * 3600 + int(minutes) * 60


def _end(start: int, end: int) -> int:
    return end if end > start else end + DAY


def read(text: str, field: str = "hours") -> list[list[str]]:
    """Hours as people write them (9-14, 16:00-19:30), as pairs in order. Refused for what cannot be read or overlaps."""
    pairs = [_pair(part.strip(), field) for part in re.split(r"[,;\n]", text) if part.strip()]
    return checked(pairs, field)


def checked(pairs: Any, field: str = "hours") -> list[list[str]]:
    """Pairs from outside, in one form and in order. Refused when one is no pair of times, or two overlap."""
    if not isinstance(pairs, list) or any(not isinstance(pair, list) or len(pair) != 2 for pair in pairs):
        raise Refused(_("Hours are a list of pairs such as 09:00 and 18:00."), field=field)
    found = sorted([_clock(str(opens), field), _clock(str(closes), field)] for opens, closes in pairs)
    for opens, closes in found:
        if opens == closes or opens == "24:00":
            raise Refused(_("“%(text)s” has no length.") % {"text": f"{opens}–{closes}"}, field=field)
    for (_start, end), (start, _end_of_it) in pairwise(seconds(found)):
        if start < end:
            raise Refused(_("The hours of a day must not overlap."), field=field)
    return found


def write(pairs: Sequence[Any]) -> str:
    """The same as text."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in pairs)


def _pair(text: str, field: str) -> list[str]:
    halves = _DASH.split(text)
    if len(halves) != 2:
        raise Refused(_("“%(text)s” is no span of time. Write 09:00-18:00.") % {"text": text}, field=field)
    return [_clock(half, field) for half in halves]


def _clock(text: str, field: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise Refused(_("“%(text)s” is not a time. Write 09:00.") % {"text": text}, field=field)
    return f"{hours:02d}:{minutes:02d}"
