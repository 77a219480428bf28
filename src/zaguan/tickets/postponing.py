"""The moments to which a ticket can be postponed with one click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MORNING = 9


@dataclass(frozen=True, slots=True)
class Moment:
    name: str
    label: str
    at: datetime

    @property
    def words(self) -> str:
        return date_format(self.at, "D j H:i")


def snooze_choices(now: datetime) -> list[Moment]:
    """From `now`, in the agent's own zone: hours from now, and mornings of days to come."""
    return list(_choices(now.replace(second=0, microsecond=0), get_language()))


def snooze_words(now: datetime) -> dict[str, str]:
    """The same moments as words, by name."""
    return _words(now.replace(second=0, microsecond=0), get_language())


@lru_cache(maxsize=64)
def _words(now: datetime, language: str | None) -> dict[str, str]:
    return {moment.name: moment.words for moment in _choices(now, language)}


@lru_cache(maxsize=64)
def _choices(now: datetime, language: str | None) -> list[Moment]:
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=7 - now.weekday())
    month = (morning.replace(day=1) + timedelta(days=32)).replace(day=1)
    return [
        Moment("1h", _("1 hour"), now + timedelta(hours=1)),
        Moment("3h", _("3 hours"), now + timedelta(hours=3)),
        Moment("tomorrow", _("Tomorrow"), morning + timedelta(days=1)),
        Moment("week", _("Next week"), monday),
        Moment("month", _("Next month"), month),
    ]
