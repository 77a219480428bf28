"""How a calendar looks in the API."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from zaguan.sla.models import Calendar, Holiday, HolidayFeed, OtherHours

Pair = tuple[str, str]


class CalendarIn(Schema):
    """What is left out stays. `week` has lists of pairs by weekday: {"0": [["09:00", "14:00"], ["16:00", "19:00"]]}, 0 is Monday."""

    name: str | None = Field(None, max_length=80)
    zone: str | None = None
    week: dict[str, list[Pair]] | None = None
    country: str | None = Field(None, description="ISO 3166 code, or empty")
    region: str | None = Field(None, description="ISO 3166-2 code without the country, or empty")
    optional_days: bool | None = Field(
        None, description="Also closed on customary days, such as Carnival in Brazil"
    )
    is_default: bool | None = Field(None, description="true makes it the default")
    archived: bool | None = None


class NewCalendar(CalendarIn):
    name: str = Field(max_length=80)
    zone: str
    week: dict[str, list[Pair]]


class HolidayIn(Schema):
    day: date
    name: str = Field(max_length=80)
    yearly: bool = False


class HolidayOut(HolidayIn):
    id: int


class OtherHoursIn(Schema):
    """Other hours on a day or in a range; no hours: closed."""

    first_day: date
    last_day: date | None = None
    hours: list[Pair] = []
    weekdays: list[int] = Field([], description="0 is Monday; empty: the days that are open anyway")
    name: str = Field("", max_length=80)


class OtherHoursOut(Schema):
    id: int
    first_day: date
    last_day: date
    hours: list[Pair]
    weekdays: list[int]
    name: str


class FeedIn(Schema):
    url: str = Field(max_length=1000)


class FeedOut(Schema):
    id: int
    url: str
    days: dict[str, str]
    read_at: datetime | None
    tried_at: datetime | None
    error: str


class CalendarOut(Schema):
    id: int
    name: str
    zone: str
    week: dict[str, list[Pair]]
    country: str
    region: str
    optional_days: bool
    is_default: bool
    archived: bool
    teams: list[int]
    holidays: list[HolidayOut]
    other_hours: list[OtherHoursOut]
    feeds: list[FeedOut]


class TeamsIn(Schema):
    """Ids of all teams that work by it."""

    teams: list[int]


class DayOut(Schema):
    """A day as the calendar has it; `name` says why it is not like its weekday."""

    day: date
    hours: str
    name: str
    is_special: bool


class SpanOut(Schema):
    start: datetime
    end: datetime


class TimeOut(Schema):
    """A stretch in business time: `seconds` lie between `start` and `end`. `spans` are the open parts, at most 100."""

    calendar: int
    start: datetime
    end: datetime
    seconds: int
    is_open: bool = Field(description="Whether it is open at the start")
    next_opening: datetime | None
    spans: list[SpanOut]


def holiday_out(row: Holiday) -> dict[str, Any]:
    return {"id": row.pk, "day": row.day, "name": row.name, "yearly": row.yearly}


def other_hours_out(row: OtherHours) -> dict[str, Any]:
    names = ("first_day", "last_day", "hours", "weekdays", "name")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def feed_out(row: HolidayFeed) -> dict[str, Any]:
    return {"id": row.pk} | {
        name: getattr(row, name) for name in ("url", "days", "read_at", "tried_at", "error")
    }


def calendar_out(row: Calendar) -> dict[str, Any]:
    names = ("name", "zone", "week", "country", "region", "optional_days", "is_default")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk,
        "archived": row.archived_at is not None,
        "teams": [each.team_id for each in row.team_rows.all()],
        "holidays": [holiday_out(each) for each in row.holidays.all()],
        "other_hours": [other_hours_out(each) for each in row.exceptions.all()],
        "feeds": [feed_out(each) for each in row.feeds.all()],
    }
