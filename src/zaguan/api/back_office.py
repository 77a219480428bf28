"""The back office: ask it from a conversation, share its tickets by choice, publish notes in what is linked."""

from typing import Any

from django.db import transaction
from django.utils.html import escape, linebreaks
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.links import LinkOut
from zaguan.conversations.cross_posting import publish_note
from zaguan.conversations.models import Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.unpublishing import unpublish_note
from zaguan.tickets.back_office import open_back_office, set_sharing
from zaguan.tickets.models import Link
from zaguan.tickets.opening import NewTicket

router = Router(tags=["links"])


class BackOfficeIn(Schema):
    """`text` is a first note for the team; `waits` lets the conversation wait for them."""

    subject: str
    type: int | str
    team: int | str
    attributes: dict[str, Any] = {}
    text: str = ""
    waits: bool = False


@router.post("/tickets/{int:number}/back-office", response={201: LinkOut}, summary="Ask the back office")
@needs("tickets.create")
@once
def ask_back_office(request: AgentRequest, number: int, body: BackOfficeIn) -> Status[Any]:
    """A ticket of the back office for this conversation, with a team of its own."""
    front = looking_up.ticket_for(request.auth, number)
    new = NewTicket(
        subject=body.subject, type=looking_up.ticket_type(body.type), attributes=body.attributes,
        team=looking_up.team(request.auth, body.team),
    )  # fmt: skip
    with transaction.atomic():
        made = open_back_office(front, new, by=request.auth, waits=body.waits)
        if body.text.strip():
            add_note(made, linebreaks(escape(body.text)), by=request.auth)
    return Status(201, {"kind": Link.Kind.BACK_OFFICE, "source": front.pk, "target": made.pk})


class SharingIn(Schema):
    shared: bool


@router.put("/tickets/{int:number}/sharing", response={204: None}, summary="Share a back-office ticket")
@needs("tickets.edit")
@once
def share(request: AgentRequest, number: int, body: SharingIn) -> Status[Any]:
    """Whether the customer sees it; customer tickets are always shared, trackers never."""
    set_sharing(looking_up.ticket_for(request.auth, number), body.shared, by=request.auth)
    return Status(204, None)


class PostingOut(Schema):
    """In how many linked conversations the note stands by now."""

    total: int
    posted: int


@router.post(
    "/messages/{int:message_id}/publish",
    response=PostingOut,
    summary="Publish a note in linked conversations",
)
@needs("conversations.note")
@once
def publish(request: AgentRequest, message_id: int) -> dict[str, Any]:
    """As an internal note there too; publishing twice publishes once."""
    rows = Message.objects.visible_to(request.auth).select_related("ticket__type")
    posting = publish_note(looking_up.found(rows, pk=message_id), by=request.auth)
    posting.refresh_from_db()
    return {"total": posting.total, "posted": posting.posted}


@router.delete(
    "/messages/{int:message_id}/publish",
    response={204: None},
    summary="Take a note back out of linked conversations",
)
@needs("conversations.note")
@once
def unpublish(request: AgentRequest, message_id: int) -> Status[Any]:
    """Only for who published it; the note itself stays."""
    rows = Message.objects.visible_to(request.auth).select_related("ticket__type")
    unpublish_note(looking_up.found(rows, pk=message_id), by=request.auth)
    return Status(204, None)
