"""What happened to a ticket, and which others it is tied to."""

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.paging import Paged, oldest_first
from zaguan.events.history import events_of
from zaguan.lib.errors import Refused
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.seeing import hidden_in

router = Router(tags=["tickets"])


class EventOut(Schema):
    id: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    cause_id: int | None
    data: dict[str, Any]


class LinkIn(Schema):
    number: int
    kind: Literal["follow_up", "related"] = "related"


class LinkOut(Schema):
    kind: str
    source: int
    target: int


@router.get("/tickets/{int:number}/events", response=Paged[EventOut], summary="Read the history")
@needs("desk.use")
def list_events(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Every change of the ticket, oldest first; the numbers of tickets that the agent may not know of are null."""
    looking_up.ticket_for(request.auth, number)
    page, after = oldest_first(events_of(number), cursor, size)
    hidden = hidden_in(request.auth, [row.data for row in page])
    for row in page:
        if row.data.get("other_id") in hidden:
            row.data["other_id"] = None
    return {"items": page, "next_cursor": after}


@router.get("/tickets/{int:number}/links", response=list[LinkOut], summary="Read linked tickets")
@needs("desk.use")
def list_links(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Links whose other end the agent may know of."""
    ticket = looking_up.ticket_for(request.auth, number)
    rows = [*ticket.links_out.all(), *ticket.links_in.all()]
    others = {r.target_id if r.source_id == number else r.source_id for r in rows}
    known = set(Ticket.objects.visible_to(request.auth).filter(pk__in=others).values_list("pk", flat=True))
    return [
        {"kind": r.kind, "source": r.source_id, "target": r.target_id}
        for r in rows
        if {r.source_id, r.target_id} - {number} <= known
    ]


@router.post("/tickets/{int:number}/links", response={201: LinkOut}, summary="Link two tickets")
@needs("tickets.edit")
@once
def create_link(request: AgentRequest, number: int, body: LinkIn) -> Status[Any]:
    """The other ticket follows up, or is related to, this one."""
    source, target = (
        looking_up.ticket_for(request.auth, number),
        looking_up.ticket_for(request.auth, body.number),
    )
    if source.pk == target.pk:
        raise Refused(_("A ticket cannot be linked to itself."), field="number")
    made: Link = link(source, target, body.kind, by=request.auth)
    return Status(201, {"kind": made.kind, "source": made.source_id, "target": made.target_id})
