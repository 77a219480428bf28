"""One's timer on a ticket, hour banks, and the timesheet of a customer."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.shapes import PersonOut, person
from zaguan.api.time_shapes import TimeOut, activity_named, time_out
from zaguan.people.models import Organisation
from zaguan.tickets.hour_banks import balances
from zaguan.tickets.models import HourBank, Ticket, TimeEntry, Timer
from zaguan.tickets.time_sheets import timesheet
from zaguan.tickets.timers import discard_timer, elapsed, pause_timer, start_timer, stop_timer, timer_on

router = Router(tags=["time"])


class TimerIn(Schema):
    do: Literal["start", "pause", "stop", "discard"]
    minutes: int | None = None
    activity: int | str | None = None
    note: str = Field("", max_length=500)


class TimerOut(Schema):
    """`entries` are what a stopped timer logged."""

    running: bool
    seconds: int
    entries: list[TimeOut] = []


class BankOut(Schema):
    id: int
    name: str
    organisation: PersonOut
    minutes: int
    used: int
    left: int
    warn_at: int
    starts_on: date
    ends_on: date | None
    closed_at: datetime | None


def _timer(ticket: Ticket, request: AgentRequest, entries: list[TimeEntry]) -> dict[str, Any]:
    timer: Timer | None = timer_on(request.auth, ticket)
    return {
        "running": timer is not None and timer.running_since is not None,
        "seconds": elapsed(timer) if timer else 0,
        "entries": [time_out(entry) for entry in entries],
    }


@router.get("/tickets/{int:number}/timer", response=TimerOut, summary="Read one's timer on a ticket")
@needs("tickets.log_time")
def read_timer(request: AgentRequest, number: int) -> dict[str, Any]:
    return _timer(looking_up.ticket_for(request.auth, number), request, [])


@router.post(
    "/tickets/{int:number}/timer", response=TimerOut, summary="Start, pause, stop or discard one's timer"
)
@needs("tickets.log_time")
@once
def set_timer(request: AgentRequest, number: int, body: TimerIn) -> dict[str, Any]:
    ticket, entries = looking_up.ticket_for(request.auth, number), []
    if body.do == "start":
        start_timer(ticket, by=request.auth)
    elif body.do == "pause":
        pause_timer(ticket, by=request.auth)
    elif body.do == "discard":
        discard_timer(ticket, by=request.auth)
    else:
        activity = activity_named(request, body.activity)
        entries = stop_timer(ticket, by=request.auth, minutes=body.minutes, activity=activity, note=body.note)
    return _timer(ticket, request, entries)


@router.get("/hour-banks", response=list[BankOut], summary="List hour banks with what is left")
@needs("tickets.see_all_time")
def list_banks(request: AgentRequest) -> Any:
    rows = list(HourBank.objects.visible_to(request.auth).select_related("organisation"))
    plain = ("id", "name", "minutes", "warn_at", "starts_on", "ends_on", "closed_at")
    return [
        {name: getattr(each.bank, name) for name in plain} | {"organisation": person(each.bank.organisation), "used": each.used, "left": each.left}
        for each in balances(rows)
    ]  # fmt: skip


@router.get("/organisations/{public_id}/timesheet", summary="The timesheet of a month as PDF")
@needs("tickets.see_all_time")
def read_timesheet(request: AgentRequest, public_id: str, month: date, language: str = "") -> HttpResponse:
    """Any day of the month names it."""
    organisation: Organisation = looking_up.found(
        Organisation.objects.visible_to(request.auth), public_id=public_id
    )
    language = language if language in ("es", "en", "pt-br") else request.auth.language
    return HttpResponse(
        timesheet(request.auth, organisation, month, language=language), content_type="application/pdf"
    )
