"""Tables of promises and the time they are kept in."""

from zaguan.sla.models.calendars import Calendar, Holiday, HolidayFeed, OtherHours, TeamCalendar
from zaguan.sla.models.intervals import Interval, IntervalQuerySet

__all__ = [
    "Calendar",
    "Holiday",
    "HolidayFeed",
    "Interval",
    "IntervalQuerySet",
    "OtherHours",
    "TeamCalendar",
]
