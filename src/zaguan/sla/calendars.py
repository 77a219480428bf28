"""Opening hours by calendar, made from its rows once and kept while they stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from zaguan.lib.recent import Recent
from zaguan.people.reference import Kept
from zaguan.sla import public_holidays, spans_of_day
from zaguan.sla.business_time import ALWAYS, Hours
from zaguan.sla.models import Calendar, OtherHours, TeamCalendar
from zaguan.sla.opening_index import Spans

calendars: Kept[Calendar] = Kept(lambda: Calendar.objects.order_by("name", "id"))
teams: Kept[TeamCalendar] = Kept(lambda: TeamCalendar.objects.all())
_hours: Recent[Hours] = Recent(1000)


def default_calendar() -> Calendar | None:
    """The one for whatever names no other."""
    return next((calendar for calendar in calendars.all().values() if calendar.is_default), None)


def hours_of(calendar_id: int | None) -> Hours:
    """The hours of a calendar; None is the default one. A desk without any is always open."""
    calendar = calendars.get(calendar_id) or default_calendar()
    if calendar is None:
        return ALWAYS
    return _hours.get(calendar.edition) or _hours.put(calendar.edition, made_of(calendar))


def calendar_of_team(team_id: int | None) -> int | None:
    """The calendar that a team works by; None is the default one."""
    row = teams.all().get(team_id) if team_id is not None else None
    return row.calendar_id if row else None


def forget() -> None:
    """Read the calendars again next time."""
    calendars.forget()
    teams.forget()


def made_of(calendar: Calendar) -> Hours:
    """Read a calendar's rows."""
    week = tuple(spans_of_day.seconds(calendar.week.get(str(day), [])) for day in range(7))
    return Hours(calendar.zone, week, DayBook(calendar, week))


class DayBook(Mapping[date, Spans]):
    """The days that are not like their weekday. Public and yearly holidays are looked up by year, so that none is too far.

    Iterating gives only the days that may open: whatever else is found here is closed.
    """

    def __init__(self, calendar: Calendar, week: tuple[Spans, ...]) -> None:
        self._place = calendar.country, calendar.region, calendar.optional_days
        own = list(calendar.holidays.all())
        self._closed = {row.day for row in own if not row.yearly}
        self._closed |= {date.fromisoformat(day) for feed in calendar.feeds.all() for day in feed.days}
        self._yearly = {(row.day.month, row.day.day): row.day.year for row in own if row.yearly}
        self._other: dict[date, Spans] = {}
        # Long ranges first, so that a day of its own within one counts.
        for row in sorted(calendar.exceptions.all(), key=lambda row: row.first_day - row.last_day):
            self._other |= {day: spans_of_day.seconds(row.hours) for day in self._days_of(row, week)}

    def _days_of(self, row: OtherHours, week: tuple[Spans, ...]) -> list[date]:
        days = [
            row.first_day + timedelta(days=number)
            for number in range((row.last_day - row.first_day).days + 1)
        ]
        if row.first_day == row.last_day:
            return days
        weekdays = set(row.weekdays) or {number for number in range(7) if week[number] or not row.hours}
        return [
            day for day in days if day.weekday() in weekdays and (not row.hours or not self.is_holiday(day))
        ]

    def is_holiday(self, day: date) -> bool:
        """True for a day that the country, the calendar or a feed says is a holiday."""
        since = self._yearly.get((day.month, day.day))
        if day in self._closed or (since is not None and since <= day.year):
            return True
        country, region, optional = self._place
        return day in public_holidays.days(country, region, day.year, optional=optional)

    def __getitem__(self, day: date) -> Spans:
        found = self._other.get(day)
        if found is None:
            if not self.is_holiday(day):
                raise KeyError(day)
            found = ()
        return found

    def __iter__(self) -> Iterator[date]:
        return iter(self._other)

    def __len__(self) -> int:
        return len(self._other)
