"""Days of a calendar that are not like their weekday: own holidays, and other hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.sla import spans_of_day
from zaguan.sla.calendar_book import changed, lock
from zaguan.sla.models import Calendar, Holiday, OtherHours

LONGEST = 366


@transaction.atomic
def add_holiday(calendar: Calendar, *, day: date, name: str, yearly: bool = False, by: Any) -> Holiday:
    """Close the calendar on a day, once or every year from then on."""
    calendar = lock(calendar)
    if not name.strip():
        raise Refused(_("Give it a name."), field="name")
    if Holiday.objects.filter(calendar=calendar, day=day).exists():
        raise Refused(_("This day is a holiday already."), field="day")
    holiday = Holiday.objects.create(calendar=calendar, day=day, yearly=yearly, name=name.strip()[:80])
    changed(calendar, {"holiday": ["", _named(holiday)]}, by=by)
    return holiday


@transaction.atomic
def remove_holiday(holiday: Holiday, *, by: Any) -> None:
    """The day is like its weekday again."""
    calendar = lock(holiday.calendar)
    holiday.delete()
    changed(calendar, {"holiday": [_named(holiday), ""]}, by=by)


def _named(holiday: Holiday) -> str:
    return f"{holiday.day:%Y-%m-%d} {holiday.name}"


@transaction.atomic
def add_other_hours(
    calendar: Calendar,
    *,
    first_day: date,
    last_day: date | None = None,
    hours: list[Any],
    weekdays: list[int] | None = None,
    name: str = "",
    by: Any,
) -> OtherHours:
    """Other hours on a day or in a range of days; none at all: closed."""
    calendar = lock(calendar)
    last_day = last_day or first_day
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."), field="last_day")
    if (last_day - first_day).days >= LONGEST:
        raise Refused(_("Other hours last a year at most. Change the week instead."), field="last_day")
    if any(day not in range(7) for day in weekdays or []):
        raise Refused(_("A week has the days 0 (Monday) to 6 (Sunday)."), field="weekdays")
    if OtherHours.objects.filter(calendar=calendar, first_day=first_day, last_day=last_day).exists():
        raise Refused(_("Other hours are set for these days already."), field="first_day")
    row = OtherHours.objects.create(
        calendar=calendar,
        first_day=first_day,
        last_day=last_day,
        hours=spans_of_day.checked(hours),
        weekdays=sorted(set(weekdays or [])),
        name=name.strip()[:80],
    )
    changed(calendar, {"other_hours": ["", _told(row)]}, by=by)
    return row


@transaction.atomic
def remove_other_hours(row: OtherHours, *, by: Any) -> None:
    """The days are as the week says again."""
    calendar = lock(row.calendar)
    row.delete()
    changed(calendar, {"other_hours": [_told(row), ""]}, by=by)


def _told(row: OtherHours) -> str:
    return f"{row.first_day:%Y-%m-%d}/{row.last_day:%Y-%m-%d} {spans_of_day.write(row.hours) or '–'}"
