"""A moment in the reader's zone and language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

# Letters of Django's formats that strftime knows too, and writes many times faster.
_SAME = {"d": "%d", "m": "%m", "Y": "%Y", "y": "%y", "H": "%H", "i": "%M", "s": "%S"}


def exact(moment: datetime | None) -> str:
    """Day and time; empty for none."""
    if moment is None:
        return ""
    here, pattern = timezone.localtime(moment), _pattern(get_language())
    return here.strftime(pattern) if pattern else date_format(here, "SHORT_DATETIME_FORMAT")


@lru_cache(maxsize=32)
def _pattern(language: str | None) -> str:
    """The language's short form for strftime; empty when that cannot say it."""
    letters = str(get_format("SHORT_DATETIME_FORMAT", language))
    if any(letter.isalpha() and letter not in _SAME for letter in letters) or "\\" in letters:
        return ""
    return "".join(_SAME.get(letter, letter) for letter in letters)
