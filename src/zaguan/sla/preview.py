"""What a calendar says about days, to a person: when it is open, and which days are not like the others and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zaguan.sla import public_holidays
from zaguan.sla.business_time import Hours, is_open, next_opening, open_spans
from zaguan.sla.calendars import hours_of
from zaguan.sla.models import Calendar, OtherHours
from zaguan.sla.opening_index import Spans

DAY = 86400
_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class DayShown:
    """One day: its hours as text ("" is closed), and the name of what makes it special."""

    day: date
    hours: str
    name: str = ""
    is_special: bool = False

    @property
    def in_words(self) -> str:
        """Which day."""
        return in_words(self.day)


def in_words(day: date) -> str:
    """Tue 8 Dec 2026; only English writes the short names with a capital."""
    words = date_format(day, "D j M Y")
    return words if (get_language() or "en").startswith("en") else words.lower()


def span_in_words(row: OtherHours) -> str:
    """A day, or from one to another."""
    if row.first_day == row.last_day:
        return in_words(row.first_day)
    return _("%(first)s to %(last)s") % {"first": in_words(row.first_day), "last": in_words(row.last_day)}


def text_of(spans: Spans) -> str:
    """09:00–14:00, 16:00–19:00."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in sorted(spans))


def _clock(second: int) -> str:
    if second > DAY:
        second -= DAY
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


class Preview:
    """Days of one calendar; its rows are read once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.hours: Hours = hours_of(calendar.pk)
        self.today = timezone.now().astimezone(ZoneInfo(calendar.zone)).date()
        self._exceptions = sorted(calendar.exceptions.all(), key=lambda row: row.last_day - row.first_day)
        self._own = list(calendar.holidays.all())
        self._feeds = [feed.days for feed in calendar.feeds.all()]

    def day(self, day: date) -> DayShown:
        """The hours that begin on a day."""
        week = self.hours.week[day.weekday()]
        spans = self.hours.days.get(day)
        if spans is None:
            return DayShown(day, text_of(week))
        return DayShown(day, text_of(spans), self._name(day, closed=not spans), is_special=True)

    def days(self, first: date, count: int) -> list[DayShown]:
        """So many days, in order."""
        return [self.day(first + timedelta(days=number)) for number in range(count)]

    def special(self, count: int = 366) -> list[DayShown]:
        """The days ahead that are not like their weekday."""
        found = [each for each in self.days(self.today, count) if each.is_special]
        return [each for each in found if self._is_news(each)]

    def _is_news(self, shown: DayShown) -> bool:
        """Days off, and days with hours of their own; not each day of a summer that stands in the list of other hours."""
        if not shown.hours:
            return bool(self.hours.week[shown.day.weekday()])
        return any(row.first_day == row.last_day == shown.day for row in self._exceptions)

    def now(self) -> str:
        """Whether it is open at this moment, and until or from when."""
        at = timezone.now()
        if is_open(self.hours, at):
            _opens, closes = next(open_spans(self.hours, at, at + _AHEAD))
            if closes >= at + _AHEAD:
                return _("Open at any time.")
            return _("Open now, until %(time)s.") % {"time": self._moment(closes)}
        opening = next_opening(self.hours, at)
        if opening is None:
            return _("This calendar never opens: no deadline counted by it will ever come.")
        return _("Closed now. Opens %(time)s.") % {"time": self._moment(opening)}

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.calendar.zone))
        values = {"time": f"{local:%H:%M}", "day": in_words(local.date())}
        if local.date() == self.today:
            return _("%(time)s today") % values
        if local.date() == self.today + timedelta(days=1):
            return _("%(time)s tomorrow") % values
        return _("%(day)s, %(time)s") % values

    def _name(self, day: date, *, closed: bool) -> str:
        exceptions = [row.name for row in self._exceptions if row.first_day <= day <= row.last_day]
        holidays = self._holidays(day)
        found = holidays + exceptions if closed else exceptions
        return next((name for name in found if name), "")

    def _holidays(self, day: date) -> list[str]:
        own = [
            row.name
            for row in self._own
            if row.day == day
            or (
                row.yearly
                and (row.day.month, row.day.day) == (day.month, day.day)
                and row.day.year <= day.year
            )
        ]
        fed = [days[day.isoformat()] for days in self._feeds if day.isoformat() in days]
        place = self.calendar.country, self.calendar.region
        public = public_holidays.names(*place, day.year, optional=self.calendar.optional_days).get(day)
        return [*own, *([public] if public else []), *fed]
