"""What is said in a ticket: messages, notes, files, events, links."""

from datetime import datetime
from typing import Any, BinaryIO, Literal, cast

from django.http import FileResponse, Http404
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from ninja import File, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.opening import PersonIn
from zaguan.api.paging import Paged, oldest_first
from zaguan.api.shapes import AttachmentOut, MessageOut, attachment_out, message_out
from zaguan.conversations import attachments as files
from zaguan.conversations.models import Attachment, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.events.history import events_of
from zaguan.lib.errors import Refused
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket

router = Router(tags=["messages"])


class MessageIn(Schema):
    """A reply or an internal note. `last_seen_id` is the newest message you have read: 409 if there is a newer one."""

    text: str = ""
    html: str = ""
    kind: Literal["reply", "note"] = "reply"
    mode: Literal["reply", "reply_all", "forward", "new"] = "reply"
    to: list[PersonIn] | None = None
    cc: list[PersonIn] | None = None
    answers: int | None = None
    subject: str = ""
    attachments: list[str] = []
    status: int | str | None = None
    status_reason: str = ""
    until: datetime | None = None
    last_seen_id: int | None = None


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


def _with_parts(request: AgentRequest, number: int) -> Any:
    rows = Message.objects.visible_to(request.auth).filter(ticket_id=number)
    return rows.select_related("agent", "contact").prefetch_related("attachments", "deliveries")


@router.get("/tickets/{int:number}/messages", response=Paged[MessageOut], summary="Read the conversation")
@needs("desk.use")
def list_messages(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Oldest first; notes are among them, marked internal."""
    looking_up.ticket_for(request.auth, number)
    page, after = oldest_first(_with_parts(request, number), cursor, size)
    return {"items": [message_out(m) for m in page], "next_cursor": after}


@router.post("/tickets/{int:number}/messages", response={201: MessageOut}, summary="Reply or add a note")
@needs("desk.use")
@once
def create_message(request: AgentRequest, number: int, body: MessageIn) -> Status[Any]:
    """Reply and status in one action; the mail leaves after the ten seconds in which it can be withdrawn."""
    ticket = looking_up.ticket_for(request.auth, number)
    permission = "conversations.note" if body.kind == "note" else "conversations.reply"
    if not request.auth.can(permission):
        raise HttpError(403, permission)
    html = body.html or linebreaks(escape(body.text))
    if not (body.text or body.html).strip():
        raise Refused(_("Write something first."), field="text")
    message = (
        _note(request, ticket, html, body) if body.kind == "note" else _reply(request, ticket, html, body)
    )
    return Status(201, message_out(_with_parts(request, number).get(pk=message.pk)))


def _uploads(request: AgentRequest, ids: list[str]) -> list[Attachment]:
    found = list(Attachment.objects.visible_to(request.auth).filter(public_id__in=ids, message=None))
    if len(found) != len(set(ids)):
        raise Refused(_("One of the attachments does not exist."), field="attachments")
    return found


def _status_of(request: AgentRequest, body: MessageIn) -> dict[str, Any]:
    return {
        "status": looking_up.status(request.auth, body.status),
        "status_reason": body.status_reason,
        "until": body.until,
    }


def _note(request: AgentRequest, ticket: Ticket, html: str, body: MessageIn) -> Message:
    uploads = _uploads(request, body.attachments)
    return add_note(ticket, html, by=request.auth, attachments=uploads, **_status_of(request, body))


def _reply(request: AgentRequest, ticket: Ticket, html: str, body: MessageIn) -> Message:
    answers = Message.objects.visible_to(request.auth).filter(ticket=ticket, pk=body.answers or 0).first()
    outgoing = Outgoing(
        html=html,
        mode=body.mode,
        answers=answers,
        to=[(p.email, p.name) for p in body.to] if body.to is not None else None,
        cc=[(p.email, p.name) for p in body.cc] if body.cc is not None else None,
        subject=body.subject,
        attachments=_uploads(request, body.attachments),
        last_seen_id=body.last_seen_id,
        **_status_of(request, body),
    )
    return reply(ticket, outgoing, by=request.auth)


@router.get("/tickets/{int:number}/events", response=Paged[EventOut], summary="Read the history")
@needs("desk.use")
def list_events(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Every change of the ticket, oldest first."""
    looking_up.ticket_for(request.auth, number)
    page, after = oldest_first(events_of(number), cursor, size)
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


@router.post("/attachments", response={201: AttachmentOut}, summary="Upload a file for the next message")
@needs("desk.use")
def upload(request: AgentRequest, file: UploadedFile = File(...)) -> Status[Any]:  # type: ignore[type-arg]  # noqa: B008
    """Answers the id that a message's `attachments` takes."""
    stored = files.store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.auth)
    return Status(201, attachment_out(stored))


@router.get("/attachments/{public_id}", summary="Fetch a file")
@needs("desk.use")
def fetch_attachment(request: AgentRequest, public_id: str) -> FileResponse:
    """The bytes as received, always as a download."""
    found = Attachment.objects.visible_to(request.auth).filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such file."))
    answer = FileResponse(files.open_stored(found), as_attachment=True, filename=found.name)
    answer["Content-Type"] = "application/octet-stream"
    return answer
