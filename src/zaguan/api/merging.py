"""Merge, split, clone, delete: what turns whole tickets into others."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.shapes import TicketOut
from zaguan.api.tickets import full
from zaguan.conversations.cloning import clone
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.models import Message
from zaguan.conversations.purging import purge
from zaguan.conversations.splitting import split
from zaguan.tickets.merging import merge_of, merges_of
from zaguan.tickets.models import Ticket, Trashed
from zaguan.tickets.trash import goes_on, restore, trash

router = Router(tags=["tickets"])


class MergeIn(Schema):
    """`numbers` go into the ticket of the address. Other customers' tickets need `different_people`.

    `attributes`: the key of an attribute and the number of the ticket whose value it takes. Without it the ticket
    keeps what it has and gets what it lacks.
    """

    numbers: list[int] = Field(min_length=1, max_length=50)
    different_people: bool = False
    copy_requesters: bool = False
    attributes: dict[str, int] = {}


class MergeOut(Schema):
    id: int
    number: int
    subject: str
    merged_at: datetime
    merged_by: str | None


class SplitIn(Schema):
    message: int
    with_later: bool = False
    subject: str = Field("", max_length=300)


class CloneIn(Schema):
    subject: str = Field("", max_length=300)
    with_conversation: bool = False


class DeleteIn(Schema):
    reason: str = Field("", max_length=200)


class TrashedOut(Schema):
    """`erased_at`: when it goes for good by itself."""

    number: int
    subject: str
    deleted_at: datetime
    deleted_by: str | None
    reason: str
    erased_at: datetime | None


@router.post("/tickets/{int:number}/merge", response=TicketOut, summary="Merge other tickets into this one")
@needs("tickets.merge")
@once
def merge_tickets(request: AgentRequest, number: int, body: MergeIn) -> Any:
    """The old numbers lead to this one from now on, and the answer to reading them is this ticket."""
    ticket = looking_up.ticket_for(request.auth, number)
    others: list[Ticket | int] = [looking_up.ticket_for(request.auth, each) for each in body.numbers]
    merge(
        ticket, others, by=request.auth,
        different_people=body.different_people, copy_requesters=body.copy_requesters,
        attributes=body.attributes,
    )  # fmt: skip
    return full(request.auth, ticket.pk)


@router.get(
    "/tickets/{int:number}/merges", response=list[MergeOut], summary="Read what was merged into a ticket"
)
@needs("desk.use")
def list_merges(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Those that can still be taken back, newest first."""
    return [
        {
            "id": each.pk, "number": each.merged_id, "subject": each.merged.subject,
            "merged_at": each.at, "merged_by": each.agent.name if each.agent else None,
        }
        for each in merges_of(looking_up.ticket_for(request.auth, number))
    ]  # fmt: skip


@router.delete("/tickets/{int:number}/merges/{int:merge_id}", response=TicketOut, summary="Take a merge back")
@needs("tickets.merge")
@once
def take_merge_back(request: AgentRequest, number: int, merge_id: int) -> Any:
    """Answers with the ticket that is one of its own again. What was written since stays."""
    ticket = looking_up.ticket_for(request.auth, number)
    back = undo_merge(merge_of(ticket, merge_id), by=request.auth)
    return full(request.auth, back.pk)


@router.post("/tickets/{int:number}/split", response={201: TicketOut}, summary="Split a ticket at a message")
@needs("tickets.merge")
@once
def split_ticket(request: AgentRequest, number: int, body: SplitIn) -> Status[Any]:
    """Answers with the new ticket."""
    ticket = looking_up.ticket_for(request.auth, number)
    rows = Message.objects.visible_to(request.auth).filter(ticket=ticket)
    message = looking_up.found(rows, pk=body.message)
    new = split(message, by=request.auth, subject=body.subject, with_later=body.with_later)
    return Status(201, full(request.auth, new.pk))


@router.post("/tickets/{int:number}/clone", response={201: TicketOut}, summary="Clone a ticket")
@needs("tickets.create")
@once
def clone_ticket(request: AgentRequest, number: int, body: CloneIn) -> Status[Any]:
    """The fields always, the conversation by choice. Nothing is sent to anybody."""
    ticket = looking_up.ticket_for(request.auth, number)
    new = clone(ticket, by=request.auth, subject=body.subject, with_conversation=body.with_conversation)
    return Status(201, full(request.auth, new.pk))


@router.post("/tickets/{int:number}/delete", response={204: None}, summary="Delete a ticket")
@needs("tickets.delete")
@once
def delete_ticket(request: AgentRequest, number: int, body: DeleteIn) -> Status[None]:
    """Into the trash: it is out of sight, and can be brought back."""
    trash(looking_up.ticket_for(request.auth, number), by=request.auth, reason=body.reason)
    return Status(204, None)


@router.get("/trash", response=list[TrashedOut], summary="Read the trash")
@needs("tickets.delete")
def list_trash(request: AgentRequest, size: int = 100) -> list[dict[str, Any]]:
    """The newest first."""
    rows = Trashed.objects.visible_to(request.auth).select_related("ticket", "agent").order_by("-id")
    return [
        {
            "number": row.ticket_id, "subject": row.ticket.subject, "deleted_at": row.at, "reason": row.reason,
            "deleted_by": row.agent.name if row.agent else None, "erased_at": goes_on(row),
        }
        for row in rows[: max(1, min(size, 200))]
    ]  # fmt: skip


@router.post("/trash/{int:number}/restore", response=TicketOut, summary="Bring a ticket back")
@needs("tickets.delete")
@once
def restore_ticket(request: AgentRequest, number: int) -> Any:
    """As it was."""
    ticket = restore(_trashed(request, number), by=request.auth)
    return full(request.auth, ticket.pk)


@router.delete("/trash/{int:number}", response={204: None}, summary="Erase a ticket for good")
@needs("tickets.purge")
@once
def purge_ticket(request: AgentRequest, number: int) -> Status[None]:
    """Messages, files, mails and history. There is no way back."""
    purge(_trashed(request, number), by=request.auth)
    return Status(204, None)


def _trashed(request: AgentRequest, number: int) -> int:
    return looking_up.found(Trashed.objects.visible_to(request.auth), ticket=number).ticket_id
