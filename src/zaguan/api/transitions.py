"""Ways between statuses and what each asks for; and where one ticket may go now, and why not."""

from typing import Any, Literal

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.tickets import reference
from zaguan.tickets.models import Status, TicketType
from zaguan.tickets.requirements import missing_for
from zaguan.tickets.transition_settings import set_needs, set_way
from zaguan.tickets.transitions import Way, why_not

router = Router(tags=["lists"])


class WayPart(Schema):
    """`source`: the status that is left, null for any. `type`: the type it counts for, null for all tickets.

    `roles` and `teams` are ids, for who "some"; `rules`: whether rules go it too.
    """

    source: int | None = None
    type: int | None = None
    who: Literal["everybody", "some", "nobody"]
    roles: list[int] = []
    teams: list[int] = []
    rules: bool = False


class WayIn(WayPart):
    """`who` null takes away what was said: then the more general counts."""

    who: Literal["everybody", "some", "nobody"] | None  # type: ignore[assignment]


class NeedsPart(Schema):
    """Names of what must be filled in: category, urgency, service, type, team, assignee, tags, summary, time, reason; "attribute:<id>" with a type."""

    type: int | None = None
    fields: list[str]


class WaysOut(Schema):
    """What is not named here is open to everybody."""

    ways: list[WayPart]
    needs: list[NeedsPart]


class MissingOut(Schema):
    """`field` is the part of a ticket's PATCH that takes it."""

    key: str
    label: str
    field: str


class MoveOut(Schema):
    """A status for one ticket: `why_not` is empty where you may go; `missing` has to be filled in first."""

    id: int
    name: str
    phase: str
    why_not: str
    missing: list[MissingOut]


def _status(request: AgentRequest, status_id: int) -> Status:
    found: Status = looking_up.found(Status.objects.visible_to(request.auth), pk=status_id)
    return found


def _kind(request: AgentRequest, pk: int | None) -> TicketType | None:
    return looking_up.found(TicketType.objects.visible_to(request.auth), pk=pk) if pk is not None else None


def _out(status: Status) -> dict[str, Any]:
    return {"ways": status.ways.get("from", []), "needs": status.ways.get("needs", [])}


EDITION = Edition(_status)


@router.get("/statuses/{int:status_id}/ways", response=WaysOut, summary="Who enters a status, and with what")
@needs("desk.use")
@EDITION
def read_ways(request: AgentRequest, status_id: int) -> dict[str, Any]:
    return _out(_status(request, status_id))


@router.put("/statuses/{int:status_id}/ways", response=WaysOut, summary="Say who goes one way")
@needs("tickets.manage_lists")
@once
@EDITION
def write_way(request: AgentRequest, status_id: int, body: WayIn) -> dict[str, Any]:
    """One way at a time, named by `source` and `type`; the others stay."""
    status = _status(request, status_id)
    chosen = Way(body.who, tuple(body.roles), tuple(body.teams), body.rules) if body.who else None
    set_way(status, body.source, _kind(request, body.type), chosen, by=request.auth)
    return _out(_status(request, status_id))


@router.put(
    "/statuses/{int:status_id}/needs", response=WaysOut, summary="Say what must be filled in for a status"
)
@needs("tickets.manage_lists")
@once
@EDITION
def write_needs(request: AgentRequest, status_id: int, body: NeedsPart) -> dict[str, Any]:
    """All of it for one type (null: for all tickets); what is said for all counts for each type too."""
    set_needs(_status(request, status_id), _kind(request, body.type), body.fields, by=request.auth)
    return _out(_status(request, status_id))


@router.get("/tickets/{int:number}/statuses", response=list[MoveOut], summary="Where a ticket may go now")
@needs("desk.use")
def moves(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Every status in use, with what is in the way of the token's agent."""
    ticket = looking_up.ticket_for(request.auth, number)
    there = [
        s for s in reference.statuses.all().values() if s.archived_at is None and s.pk != ticket.status_id
    ]
    return [
        {
            "id": s.pk,
            "name": s.label,
            "phase": s.phase,
            "why_not": why_not(ticket, s, by=request.auth),
            "missing": [vars(each) for each in missing_for(ticket, s)],
        }
        for s in there
    ]
