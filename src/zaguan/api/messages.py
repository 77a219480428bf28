"""What is said in a ticket: messages, notes, calls."""

from typing import Any, Literal

from django.db import transaction
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.message_shapes import MessageOut, message_out
from zaguan.api.moments import Moment
from zaguan.api.opening import PersonIn
from zaguan.api.paging import Paged, oldest_first
from zaguan.api.time_shapes import WorkedIn, new_time
from zaguan.conversations.calling import log_call
from zaguan.conversations.cross_posting import publish_note
from zaguan.conversations.models import Attachment, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Ticket

router = Router(tags=["messages"])


class MessageIn(Schema):
    """A reply or an internal note. `last_seen_id` is the newest message you have read: 409 if there is a newer one.

    `time` is what was worked for it: logged with the message, or neither is written.
    `publish` puts a note into the linked conversations too.
    """

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
    until: Moment | None = None
    last_seen_id: int | None = None
    time: WorkedIn | None = None
    publish: bool = False


def _with_parts(request: AgentRequest, number: int) -> Any:
    rows = Message.objects.visible_to(request.auth).without_side().filter(ticket_id=number)
    return rows.select_related("agent", "contact").prefetch_related("attachments", "deliveries")


@router.get("/tickets/{int:number}/messages", response=Paged[MessageOut], summary="Read the conversation")
@needs("desk.use")
def list_messages(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Oldest first; notes are among them, marked internal."""
    ticket = looking_up.ticket_for(request.auth, number)
    page, after = oldest_first(_with_parts(request, ticket.pk), cursor, size)
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
    if body.time is not None and not request.auth.can("tickets.log_time"):
        raise HttpError(403, "tickets.log_time")
    html = body.html or linebreaks(escape(body.text))
    if not (body.text or body.html).strip():
        raise Refused(_("Write something first."), field="text")
    message = (
        _note(request, ticket, html, body) if body.kind == "note" else _reply(request, ticket, html, body)
    )
    return Status(201, message_out(_with_parts(request, ticket.pk).get(pk=message.pk)))


def uploads(request: AgentRequest, ids: list[str]) -> list[Attachment]:
    """The files that were uploaded before, all of them or none."""
    found = list(Attachment.objects.visible_to(request.auth).filter(public_id__in=ids, message=None))
    if len(found) != len(set(ids)):
        raise Refused(_("One of the attachments does not exist."), field="attachments")
    return found


def _status_of(request: AgentRequest, body: MessageIn) -> dict[str, Any]:
    return {
        "status": looking_up.status(request.auth, body.status),
        "status_reason": body.status_reason,
        "until": body.until,
        "time": new_time(request, body.time) if body.time else None,
    }


def _note(request: AgentRequest, ticket: Ticket, html: str, body: MessageIn) -> Message:
    files = uploads(request, body.attachments)
    with transaction.atomic():
        note = add_note(ticket, html, by=request.auth, attachments=files, **_status_of(request, body))
        if body.publish:
            publish_note(note, by=request.auth)
    return note


def _answered(request: AgentRequest, ticket: Ticket, wanted: int) -> Message:
    """The message to answer; never another one in its place, whose people would get the mail."""
    found = Message.objects.visible_to(request.auth).filter(ticket=ticket, pk=wanted).first()
    if found is None:
        raise Refused(_("The message that you answer is no longer part of this ticket."), field="answers")
    return found


def _reply(request: AgentRequest, ticket: Ticket, html: str, body: MessageIn) -> Message:
    answers = _answered(request, ticket, body.answers) if body.answers is not None else None
    outgoing = Outgoing(
        html=html,
        mode=body.mode,
        answers=answers,
        to=[(p.email, p.name) for p in body.to] if body.to is not None else None,
        cc=[(p.email, p.name) for p in body.cc] if body.cc is not None else None,
        subject=body.subject,
        attachments=uploads(request, body.attachments),
        last_seen_id=body.last_seen_id,
        **_status_of(request, body),
    )
    return reply(ticket, outgoing, by=request.auth)


class CallIn(Schema):
    """A telephone call: `caller` is the number or name of the other side; the notes stay inside."""

    caller: str
    direction: Literal["in", "out"] = "in"
    started_at: Moment
    ended_at: Moment | None = None
    outcome: Literal["answered", "no_answer", "busy", "voicemail", "failed"] = "answered"
    text: str = ""
    html: str = ""


@router.post("/tickets/{int:number}/calls", response={201: MessageOut}, summary="Log a telephone call")
@needs("conversations.note")
@once
def create_call(request: AgentRequest, number: int, body: CallIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    given = body.model_dump(exclude={"text", "html"})
    notes = body.html or linebreaks(escape(body.text))
    message = log_call(ticket, by=request.auth, notes_html=notes, **given)
    return Status(201, message_out(_with_parts(request, ticket.pk).get(pk=message.pk)))
