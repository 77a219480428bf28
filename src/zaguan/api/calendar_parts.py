"""Holidays, other hours and feeds of a calendar."""

from typing import Any

from ninja import Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.calendar_shapes import (
    FeedIn,
    FeedOut,
    HolidayIn,
    HolidayOut,
    OtherHoursIn,
    OtherHoursOut,
    feed_out,
    holiday_out,
    other_hours_out,
)
from zaguan.api.editions import Edition
from zaguan.sla import calendar_days
from zaguan.sla.feeds import add_feed, read_feed, remove_feed
from zaguan.sla.models import Calendar

router = Router(tags=["calendars"])


def rows_for(request: AgentRequest) -> Any:
    """Every calendar with what belongs to it."""
    return Calendar.objects.visible_to(request.auth).prefetch_related(
        "holidays", "exceptions", "feeds", "team_rows"
    )


def calendar_for(request: AgentRequest, calendar_id: int) -> Calendar:
    """One of them, or a 404."""
    found: Calendar = looking_up.found(rows_for(request), pk=calendar_id)
    return found


def _parts(calendar: Calendar) -> list[Any]:
    rows = (calendar.holidays, calendar.exceptions, calendar.feeds, calendar.team_rows)
    return [each for part in rows for each in part.order_by("pk")]


# A feed that is read anew is no change of anybody's.
EDITION = Edition(calendar_for, parts=_parts, besides=("edition", "days", "read_at", "tried_at", "error"))


def pairs_of(hours: list[tuple[str, str]]) -> list[list[str]]:
    """As rows hold them."""
    return [list(pair) for pair in hours]


@router.post(
    "/calendars/{int:calendar_id}/holidays", response={201: HolidayOut}, summary="Close a calendar on a day"
)
@needs("sla.manage")
@once
def create_holiday(request: AgentRequest, calendar_id: int, body: HolidayIn) -> Status[Any]:
    calendar = calendar_for(request, calendar_id)
    made = calendar_days.add_holiday(calendar, by=request.auth, **body.model_dump())
    return Status(201, holiday_out(made))


@router.delete(
    "/calendars/{int:calendar_id}/holidays/{int:row_id}", response={204: None}, summary="Forget a holiday"
)
@needs("sla.manage")
@EDITION
def delete_holiday(request: AgentRequest, calendar_id: int, row_id: int) -> None:
    row = looking_up.found(calendar_for(request, calendar_id).holidays.all(), pk=row_id)
    calendar_days.remove_holiday(row, by=request.auth)


@router.post(
    "/calendars/{int:calendar_id}/other-hours",
    response={201: OtherHoursOut},
    summary="Set other hours on a day or in a range of days",
)
@needs("sla.manage")
@once
def create_other_hours(request: AgentRequest, calendar_id: int, body: OtherHoursIn) -> Status[Any]:
    given = body.model_dump() | {"hours": pairs_of(body.hours)}
    made = calendar_days.add_other_hours(calendar_for(request, calendar_id), by=request.auth, **given)
    return Status(201, other_hours_out(made))


@router.delete(
    "/calendars/{int:calendar_id}/other-hours/{int:row_id}",
    response={204: None},
    summary="Forget other hours",
)
@needs("sla.manage")
@EDITION
def delete_other_hours(request: AgentRequest, calendar_id: int, row_id: int) -> None:
    row = looking_up.found(calendar_for(request, calendar_id).exceptions.all(), pk=row_id)
    calendar_days.remove_other_hours(row, by=request.auth)


@router.post(
    "/calendars/{int:calendar_id}/feeds",
    response={201: FeedOut},
    summary="Add a feed of holidays and read it",
)
@needs("sla.manage")
@once
def create_feed(request: AgentRequest, calendar_id: int, body: FeedIn) -> Status[Any]:
    made = add_feed(calendar_for(request, calendar_id), body.url, by=request.auth)
    return Status(201, feed_out(read_feed(made, by=request.auth)))


@router.post(
    "/calendars/{int:calendar_id}/feeds/{int:row_id}/read",
    response=FeedOut,
    summary="Read a feed of holidays now",
)
@needs("sla.manage")
@once
def read_feed_now(request: AgentRequest, calendar_id: int, row_id: int) -> dict[str, Any]:
    row = looking_up.found(calendar_for(request, calendar_id).feeds.all(), pk=row_id)
    return feed_out(read_feed(row, by=request.auth))


@router.delete(
    "/calendars/{int:calendar_id}/feeds/{int:row_id}",
    response={204: None},
    summary="Forget a feed of holidays",
)
@needs("sla.manage")
@EDITION
def delete_feed(request: AgentRequest, calendar_id: int, row_id: int) -> None:
    remove_feed(looking_up.found(calendar_for(request, calendar_id).feeds.all(), pk=row_id), by=request.auth)
