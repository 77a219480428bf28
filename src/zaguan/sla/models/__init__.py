"""Tables of promises and the time they are kept in."""

from zaguan.sla.models.calendars import Calendar, Holiday, HolidayFeed, OtherHours, TeamCalendar
from zaguan.sla.models.clocks import Clock, Difference, Rerun, TargetKind
from zaguan.sla.models.intervals import Interval, IntervalQuerySet
from zaguan.sla.models.policies import Policy, PolicyVersion

__all__ = [
    "Calendar",
    "Clock",
    "Difference",
    "Holiday",
    "HolidayFeed",
    "Interval",
    "IntervalQuerySet",
    "OtherHours",
    "Policy",
    "PolicyVersion",
    "Rerun",
    "TargetKind",
    "TeamCalendar",
]
