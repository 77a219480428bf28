"""Working time: entries of tickets and of a period, their approval, sums and files."""

from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from ninja.errors import HttpError

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.organisations import organisation_for
from zaguan.api.paging import Paged, newest_first
from zaguan.api.time_shapes import (
    StateIn,
    SumOut,
    TimeChange,
    TimeIn,
    TimeOut,
    Which,
    activity_named,
    new_time,
    time_out,
)
from zaguan.lib.errors import Refused
from zaguan.tickets.models import TimeEntry
from zaguan.tickets.time_approval import decide
from zaguan.tickets.time_sheets import export
from zaguan.tickets.time_spent import change_time, delete_time, log_time
from zaguan.tickets.time_totals import TimeFilter, entries_of, totals

router = Router(tags=["time"])


def _entry(request: AgentRequest, entry_id: int, *, own: bool = True) -> TimeEntry:
    rows = TimeEntry.objects.visible_to(request.auth).select_related(
        "agent", "organisation", "activity", "bank"
    )
    found: TimeEntry = looking_up.found(rows, pk=entry_id)
    if own and found.agent_id != request.auth.pk and not request.auth.can("tickets.approve_time"):
        raise Refused(_("This is the time of %(name)s.") % {"name": found.agent.name})
    return found


def _filter(request: AgentRequest, which: Which) -> TimeFilter:
    agent = looking_up.agent(request.auth, which.agent) if which.agent else None
    organisation = organisation_for(request, which.organisation) if which.organisation else None
    activity = activity_named(request, which.activity)
    return TimeFilter(
        first=which.first,
        last=which.last,
        agent=agent.pk if agent else None,
        organisation=organisation.pk if organisation else None,
        activity=activity.pk if activity else None,
        ticket=which.ticket,
        state=which.state,
        kind=which.kind,
    )


def _page(rows: Any, cursor: str, size: int) -> dict[str, Any]:
    page, after = newest_first(rows.select_related("agent", "organisation", "activity", "bank"), cursor, size)
    return {"items": [time_out(entry) for entry in page], "next_cursor": after}


@router.get(
    "/tickets/{int:number}/time-entries", response=Paged[TimeOut], summary="List the time of a ticket"
)
@needs("desk.use")
def list_time_of_ticket(
    request: AgentRequest, number: int, cursor: str = "", size: int = 50
) -> dict[str, Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    return _page(entries_of(request.auth, TimeFilter(ticket=ticket.pk)), cursor, size)


@router.post(
    "/tickets/{int:number}/time-entries", response={201: list[TimeOut]}, summary="Log time on a ticket"
)
@needs("tickets.log_time")
@once
def create_time(request: AgentRequest, number: int, body: TimeIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    if body.message_id is not None:
        looking_up.found(ticket.messages.all(), pk=body.message_id)
    made = log_time(ticket, new_time(request, body), by=request.auth)
    return Status(201, [time_out(entry) for entry in made])


@router.get("/time-entries", response=Paged[TimeOut], summary="List time, newest entry first")
@needs("desk.use")
def list_time(request: AgentRequest, which: Query[Which], cursor: str = "", size: int = 50) -> dict[str, Any]:
    return _page(entries_of(request.auth, _filter(request, which)), cursor, size)


@router.get(
    "/time-entries/sums",
    response=list[SumOut],
    summary="Sum time by agent, customer, activity, ticket, kind or day",
)
@needs("desk.use")
def sum_time(
    request: AgentRequest,
    which: Query[Which],
    by: Literal["agent", "organisation", "activity", "ticket", "kind", "day"] = "agent",
) -> Any:
    found = totals(entries_of(request.auth, _filter(request, which)), by)
    return [
        {"key": str(g.key if g.key is not None else ""), "label": g.label, "minutes": g.amount.minutes, "entries": g.amount.entries, "values": dict(g.amount.values)}
        for g in found.groups
    ]  # fmt: skip


@router.get("/time-entries/export", summary="Time as CSV or XLSX")
@needs("desk.use")
def export_time(
    request: AgentRequest, which: Query[Which], kind_of_file: Literal["csv", "xlsx"] = "csv"
) -> HttpResponse:
    content, media = export(entries_of(request.auth, _filter(request, which)), kind_of_file)
    return HttpResponse(content, content_type=media)


@router.get("/time-entries/{int:entry_id}", response=TimeOut, summary="Read an entry of time")
@needs("desk.use")
def read_time(request: AgentRequest, entry_id: int) -> dict[str, Any]:
    return time_out(_entry(request, entry_id, own=False))


@router.patch("/time-entries/{int:entry_id}", response=TimeOut, summary="Change an entry of time")
@needs("tickets.log_time")
@once
def patch_time(request: AgentRequest, entry_id: int, body: TimeChange) -> dict[str, Any]:
    values = body.model_dump(exclude_unset=True)
    if "activity" in values:
        values["activity"] = activity_named(request, body.activity)
    values = {
        name: value
        for name, value in values.items()
        if value is not None or name in ("activity", "started_at", "ended_at")
    }
    change_time(_entry(request, entry_id), by=request.auth, **values)
    return time_out(_entry(request, entry_id))


@router.delete("/time-entries/{int:entry_id}", response={204: None}, summary="Take an entry of time away")
@needs("tickets.log_time")
def remove_time(request: AgentRequest, entry_id: int) -> None:
    delete_time(_entry(request, entry_id), by=request.auth)


@router.post("/time-entries/{int:entry_id}/state", response=TimeOut, summary="Submit, approve or reject time")
@needs("tickets.log_time")
@once
def decide_time(request: AgentRequest, entry_id: int, body: StateIn) -> dict[str, Any]:
    if body.state in ("approved", "rejected") and not request.auth.can("tickets.approve_time"):
        raise HttpError(403, _("Your role does not allow this: %(name)s.") % {"name": "tickets.approve_time"})
    decide(_entry(request, entry_id), body.state, by=request.auth, reason=body.reason)
    return time_out(_entry(request, entry_id))
