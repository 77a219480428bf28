"""Moments and spans in few letters, as lists show them; ts/relative.ts says the same words later on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE, HOUR = 60, 3600


def short_time(moment: datetime | None, now: datetime | None = None) -> str:
    """In few words: "now", "5 min", "3 h", "yesterday", "12 May", and with the year when it is another."""
    if moment is None:
        return ""
    now = now or timezone.now()
    seconds = (now - moment).total_seconds()
    if -MINUTE < seconds < MINUTE:
        return _("now")
    if 0 <= seconds < 12 * HOUR:
        return _span(int(seconds // MINUTE))
    here = timezone.localtime(moment)
    today = timezone.localtime(now).date()
    if here.date() == today:
        return here.strftime("%H:%M")
    if here.date() == today - timedelta(days=1):
        return _("yesterday")
    return _day(here.date(), here.year == today.year, get_language())


@lru_cache(maxsize=2048)
def _day(day: date, is_this_year: bool, language: str | None) -> str:
    """Day and month, kept: a list asks for the same few days again and again. `language` is part of the key."""
    words = date_format(day, "j M" if is_this_year else "j M Y")
    # Django writes the short months of all languages with a capital; only English does.
    return words if (language or "en").startswith("en") else words.lower()


def clock_time(moment: datetime | None) -> str:
    """Hour and minute, in the reader's zone."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


def calendar_day(day: date | None) -> str:
    """A day in the reader's short form."""
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def day_name(moment: datetime, now: datetime | None = None) -> str:
    """The line between two days of a conversation: "Today", "Yesterday", "12 May 2024"."""
    here = timezone.localtime(moment).date()
    today = timezone.localtime(now or timezone.now()).date()
    if here == today:
        return _("Today")
    if here == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(here, "DATE_FORMAT")


def span(seconds: float) -> str:
    """At most two units: "14 min", "2 h 5 min", "3 d 4 h"; below a minute still "1 min"."""
    return _span(int(abs(seconds) // MINUTE))


def hours_span(seconds: float) -> str:
    """The same without days: "45 h", for time of which a day has fewer hours."""
    hours, minutes = divmod(int(abs(seconds) // MINUTE), 60)
    return f"{hours} h" if hours >= 24 else _span(60 * hours + minutes)


@lru_cache(maxsize=4096)
def _span(minutes: int) -> str:
    if minutes < 60:
        return f"{max(1, minutes)} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h" if hours >= 6 or not minutes else f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d" if days >= 3 or not hours else f"{days} d {hours} h"
