"""Who takes part in a ticket, who follows it, handing it over, and its life on one axis."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.party_shapes import FollowerOut, PartyChange, PartyIn, PartyOut, TransferIn
from zaguan.conversations.timeline import timeline_of
from zaguan.conversations.transferring import transfer
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Contact
from zaguan.tickets.following import follow, followers_of, unfollow
from zaguan.tickets.models import Party, PartyRole, Ticket
from zaguan.tickets.parties import add_party, change_role, copy_party, remove_party

router = Router(tags=["tickets"])


class SpanOut(Schema):
    start: datetime
    end: datetime
    kind: str
    label: str


class PointOut(Schema):
    at: datetime
    kind: str
    label: str
    message: int


class TimelineOut(Schema):
    """`statuses` by phase, `turns` (us, customer, third, nobody), `assignees` by id, and single moments."""

    start: datetime
    end: datetime
    statuses: list[SpanOut]
    turns: list[SpanOut]
    assignees: list[SpanOut]
    points: list[PointOut]
    is_cut: bool


def _parties(viewer: Agent, number: int) -> Any:
    rows = Party.objects.visible_to(viewer).filter(ticket_id=number)
    return rows.select_related("role", "contact", "ticket")


def _out(party: Party, copies: set[str]) -> dict[str, Any]:
    return {
        "id": party.pk,
        "role": party.role.label,
        "name": party.name,
        "email": party.email,
        "contact": party.contact.public_id if party.contact else None,
        "agent": party.agent_id,
        "copied": party.email.lower() in copies,
    }


def _copies(ticket: Ticket) -> set[str]:
    return {email.lower() for email in ticket.copies.values_list("email", flat=True)}


@router.get("/tickets/{int:number}/parties", response=list[PartyOut], summary="List who takes part")
@needs("desk.use")
def list_parties(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Besides the requester and the copies, which the ticket itself names."""
    ticket = looking_up.ticket_for(request.auth, number)
    copies = _copies(ticket)
    return [_out(party, copies) for party in _parties(request.auth, ticket.pk)]


@router.post("/tickets/{int:number}/parties", response={201: PartyOut}, summary="Let somebody take part")
@needs("tickets.edit")
@once
def create_party(request: AgentRequest, number: int, body: PartyIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    role = looking_up.one(PartyRole.objects.visible_to(request.auth), body.role, "role")
    if role is None:
        raise Refused(_("Say in which role."), field="role")
    contact = Contact.objects.visible_to(request.auth)
    party = add_party(
        ticket,
        role,
        contact=looking_up.found(contact, public_id=body.contact) if body.contact else None,
        agent=looking_up.agent(request.auth, body.agent),
        name=body.name,
        email=body.email,
        by=request.auth,
    )
    return Status(201, _out(_parties(request.auth, ticket.pk).get(pk=party.pk), _copies(ticket)))


@router.patch(
    "/tickets/{int:number}/parties/{int:party_id}",
    response=PartyOut,
    summary="Change a party’s role, or copy them",
)
@needs("tickets.edit")
@once
def change_party(request: AgentRequest, number: int, party_id: int, body: PartyChange) -> dict[str, Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    party = looking_up.found(_parties(request.auth, ticket.pk), pk=party_id)
    role = looking_up.one(PartyRole.objects.visible_to(request.auth), body.role, "role")
    with transaction.atomic():
        if role is not None:
            change_role(party, role, by=request.auth)
        if body.copied is not None:
            copy_party(party, body.copied, by=request.auth)
    return _out(_parties(request.auth, ticket.pk).get(pk=party_id), _copies(ticket))


@router.delete(
    "/tickets/{int:number}/parties/{int:party_id}", response={204: None}, summary="Take a party out"
)
@needs("tickets.edit")
def delete_party(request: AgentRequest, number: int, party_id: int) -> None:
    ticket = looking_up.ticket_for(request.auth, number)
    remove_party(looking_up.found(_parties(request.auth, ticket.pk), pk=party_id), by=request.auth)


@router.get(
    "/tickets/{int:number}/followers", response=list[FollowerOut], summary="List who follows a ticket"
)
@needs("desk.use")
def list_followers(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    ticket = looking_up.ticket_for(request.auth, number)
    return [{"id": agent.pk, "name": agent.name} for agent in followers_of(ticket)]


@router.put("/tickets/{int:number}/following", response={204: None}, summary="Follow a ticket")
@needs("desk.use")
def start_following(request: AgentRequest, number: int) -> None:
    follow(looking_up.ticket_for(request.auth, number), request.auth, by=request.auth)


@router.delete("/tickets/{int:number}/following", response={204: None}, summary="Follow a ticket no longer")
@needs("desk.use")
def stop_following(request: AgentRequest, number: int) -> None:
    unfollow(looking_up.ticket_for(request.auth, number), request.auth, by=request.auth)


@router.post(
    "/tickets/{int:number}/transfer", response={204: None}, summary="Hand over to a team with a note"
)
@needs("tickets.assign")
@once
def create_transfer(request: AgentRequest, number: int, body: TransferIn) -> Status[None]:
    """Team and internal note in one act. You may not know of the ticket any more afterwards."""
    ticket = looking_up.ticket_for(request.auth, number)
    note = body.html or (linebreaks(escape(body.text)) if body.text.strip() else "")
    transfer(ticket, looking_up.team(request.auth, body.team), note_html=note, by=request.auth)  # type: ignore[arg-type]
    return Status(204, None)


@router.get(
    "/tickets/{int:number}/timeline", response=TimelineOut, summary="Read a ticket's life on one axis"
)
@needs("desk.use")
def read_timeline(request: AgentRequest, number: int) -> Any:
    return timeline_of(looking_up.ticket_for(request.auth, number))
