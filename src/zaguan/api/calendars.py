"""Calendars of opening hours, and time counted by them."""

from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import AwareDatetime

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.calendar_parts import EDITION, calendar_for, pairs_of, rows_for
from zaguan.api.calendar_shapes import (
    CalendarIn,
    CalendarOut,
    DayOut,
    NewCalendar,
    TeamsIn,
    TimeOut,
    calendar_out,
)
from zaguan.lib.errors import Refused
from zaguan.people.models import Team
from zaguan.sla import business_time
from zaguan.sla import calendar_book as book
from zaguan.sla.calendars import hours_of
from zaguan.sla.models import Calendar
from zaguan.sla.preview import Preview

router = Router(tags=["calendars"])
MOST_SPANS = 100
MOST_DAYS = 400
# A century and a half.
MOST_SECONDS = 5_000_000_000


@transaction.atomic
def _write(request: AgentRequest, calendar: Calendar | None, body: CalendarIn) -> Calendar:
    given = body.model_dump(exclude_none=True)
    default, archived = given.pop("is_default", None), given.pop("archived", None)
    if "week" in given:
        given["week"] = {day: pairs_of(pairs) for day, pairs in given["week"].items()}
    saved = book.save_calendar(calendar, by=request.auth, **given) if given or not calendar else calendar
    if archived is not None and archived != (saved.archived_at is not None):
        book.set_archived(saved, archived, by=request.auth)
    if default is False and saved.is_default:
        raise Refused(
            _("This is the default calendar. Make another one the default first."), field="is_default"
        )
    if default:
        book.make_default(saved, by=request.auth)
    return saved


@router.get("/calendars", response=list[CalendarOut], summary="List the calendars")
@needs("desk.use")
def list_calendars(request: AgentRequest) -> Any:
    return [calendar_out(row) for row in rows_for(request)]


@router.post("/calendars", response={201: CalendarOut}, summary="Make a calendar")
@needs("sla.manage")
@once
def create_calendar(request: AgentRequest, body: NewCalendar) -> Status[Any]:
    return Status(201, calendar_out(calendar_for(request, _write(request, None, body).pk)))


@router.get("/calendars/{int:calendar_id}", response=CalendarOut, summary="Read a calendar")
@needs("desk.use")
@EDITION
def read_calendar(request: AgentRequest, calendar_id: int) -> dict[str, Any]:
    return calendar_out(calendar_for(request, calendar_id))


@router.patch("/calendars/{int:calendar_id}", response=CalendarOut, summary="Change a calendar")
@needs("sla.manage")
@once
@EDITION
def patch_calendar(request: AgentRequest, calendar_id: int, body: CalendarIn) -> dict[str, Any]:
    _write(request, calendar_for(request, calendar_id), body)
    return calendar_out(calendar_for(request, calendar_id))


@router.delete(
    "/calendars/{int:calendar_id}", response={204: None}, summary="Delete a calendar that nobody uses"
)
@needs("sla.manage")
@EDITION
def remove_calendar(request: AgentRequest, calendar_id: int) -> None:
    book.delete_calendar(calendar_for(request, calendar_id), by=request.auth)


@router.put("/calendars/{int:calendar_id}/teams", response=CalendarOut, summary="Say which teams work by it")
@needs("sla.manage")
@once
@EDITION
def put_teams(request: AgentRequest, calendar_id: int, body: TeamsIn) -> dict[str, Any]:
    teams = [looking_up.found(Team.objects.visible_to(request.auth), pk=each) for each in body.teams]
    book.set_teams(calendar_for(request, calendar_id), teams, by=request.auth)
    return calendar_out(calendar_for(request, calendar_id))


@router.get(
    "/calendars/{int:calendar_id}/days",
    response=list[DayOut],
    summary="List days with their hours and holidays",
)
@needs("desk.use")
def list_days(
    request: AgentRequest,
    calendar_id: int,
    first: date | None = None,
    count: int = 14,
) -> Any:
    """From today in the calendar's zone, or from another day."""
    preview = Preview(calendar_for(request, calendar_id))
    first = first or preview.today
    if not 1900 <= first.year <= 2200:
        raise Refused(_("Choose a day between 1900 and 2200."), field="first")
    return preview.days(first, min(max(count, 1), MOST_DAYS))


@router.get("/calendars/{int:calendar_id}/time", response=TimeOut, summary="Count business time")
@needs("desk.use")
def count_time(
    request: AgentRequest,
    calendar_id: int,
    start: AwareDatetime,
    end: AwareDatetime | None = None,
    add: int | None = None,
) -> dict[str, Any]:
    """Either `add`: the end is when so many open seconds have passed since the start. Or `end`: how many lie between."""
    if (end is None) == (add is None):
        raise Refused(_("Give either “add” or “end”."), field="add")
    if abs(add or 0) > MOST_SECONDS:
        raise Refused(_("This calendar is not open for so long in 150 years."), field="add")
    hours = hours_of(calendar_for(request, calendar_id).pk)
    start = start.astimezone(UTC)
    try:
        until: datetime = (
            business_time.add(hours, start, add) if add is not None else (end or start).astimezone(UTC)
        )
        first, last = min(start, until), max(start, until)
        return {
            "calendar": calendar_id,
            "start": start,
            "end": until,
            "seconds": add if add is not None else business_time.between(hours, start, until),
            "is_open": business_time.is_open(hours, start),
            "next_opening": business_time.next_opening(hours, start),
            "spans": [
                {"start": opens, "end": closes}
                for opens, closes in islice(business_time.open_spans(hours, first, last), MOST_SPANS)
            ],
        }
    except business_time.NeverOpens:
        raise Refused(_("This calendar is not open for so long in 150 years."), field="add") from None
