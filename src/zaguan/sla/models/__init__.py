"""Tables of promises and the time they are kept in."""

from zaguan.sla.models.calendars import Calendar, Holiday, HolidayFeed, OtherHours, TeamCalendar

__all__ = ["Calendar", "Holiday", "HolidayFeed", "OtherHours", "TeamCalendar"]
