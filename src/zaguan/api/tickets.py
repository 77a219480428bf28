"""Tickets: list, open, read, change."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Field, Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.changing import TicketChange, change, check_permissions
from zaguan.api.editions import mark
from zaguan.api.opening import TicketIn, open_from
from zaguan.api.paging import Paged, limit
from zaguan.api.reading import shown
from zaguan.api.shapes import RELATED, TicketOut, ticket_out
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock
from zaguan.tickets.listing import page
from zaguan.tickets.models import Ticket
from zaguan.tickets.selections import UnknownView

router = Router(tags=["tickets"])


def full(viewer: Agent, number: int) -> dict[str, Any]:
    """One ticket as the API shows it; 404 when the viewer may not know of it."""
    found = shown(number, viewer)
    if found is None:
        raise Http404(_("There is no ticket %(number)s.") % {"number": number})
    return found


@router.get("/tickets", response=Paged[TicketOut], summary="List tickets by the desk's search language")
@needs("desk.use")
def list_tickets(
    request: AgentRequest,
    q: str = "",
    view: str = "all",
    order: Literal["active", "created", "urgency", "waiting"] = "active",
    cursor: str = "",
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """`q` takes words and operators (status: assignee: team: tag: from: …); `view` is one of the desk's."""
    try:
        found = page(request.auth, view=view, query=q, order=order, cursor=cursor, size=limit(size))
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    if found.problems:
        raise Refused(" ".join(found.problems), field="q")
    numbers = [row.number for row in found.rows]
    rows = Ticket.objects.visible_to(request.auth).filter(pk__in=numbers).select_related(*RELATED)
    by_number = {t.pk: t for t in rows.prefetch_related("tags", "copies", "requester__identities")}
    items = [ticket_out(by_number[n]) for n in numbers if n in by_number]
    return {"items": items, "next_cursor": found.next_cursor or None}


@router.post("/tickets", response={201: TicketOut}, summary="Open a ticket")
@needs("tickets.create")
@once
def create_ticket(request: AgentRequest, body: TicketIn) -> Status[Any]:
    """Opens a ticket with its first message, all or nothing."""
    ticket = open_from(request.auth, body)
    return Status(201, full(request.auth, ticket.pk))


@router.get("/tickets/{int:number}", response=TicketOut, summary="Read a ticket")
@needs("desk.use")
def read_ticket(request: AgentRequest, number: int) -> dict[str, Any]:
    """404 for a ticket that does not exist or that the agent may not know of."""
    looking_up.ticket_for(request.auth, number)
    shown: dict[str, Any] = full(request.auth, number)
    mark(request, str(shown["version"]))
    return shown


@router.patch("/tickets/{int:number}", response={200: TicketOut, 204: None}, summary="Change a ticket")
@needs("desk.use")
@once
def change_ticket(request: AgentRequest, number: int, body: TicketChange) -> Status[Any]:
    """Send the `version` you read as If-Match; 409 with what changed when it is no longer current."""
    number = looking_up.ticket_for(request.auth, number).pk
    given = body.model_dump(exclude_unset=True)
    check_permissions(request.auth, given)
    with transaction.atomic():
        ticket = lock(number, version=_version(request))
        change(ticket, given, by=request.auth)
    # Whoever handed the ticket to another team may not know of it any more.
    if _still_seen(request.auth, number):
        return Status(200, full(request.auth, number))
    return Status(204, None)


def _still_seen(viewer: Agent, number: int) -> bool:
    return Ticket.objects.visible_to(viewer).filter(pk=number).exists()


def _version(request: AgentRequest) -> int | None:
    given = request.headers.get("If-Match", "").strip().strip('"').removeprefix("W/").strip('"')
    return whole(given)
