"""Mails of a side thread: the agent's words, what goes along, one delivery for each who was asked (A9)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations import outgoing_checks as checks
from zaguan.conversations.addressing import people_of
from zaguan.conversations.attachments import copy_stored
from zaguan.conversations.bodies import Body, signature
from zaguan.conversations.choosing_inbox import sender_name
from zaguan.conversations.events import SideMessageSent
from zaguan.conversations.models import SIDE, Attachment, Inbox, Message, SideThread
from zaguan.conversations.replying import attach, queue
from zaguan.conversations.sharing_outside import Shared
from zaguan.conversations.signing import message_id_for
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.people.models import Agent
from zaguan.tickets.changing import store
from zaguan.tickets.models import Ticket


def send_beside(
    ticket: Ticket,
    side: SideThread,
    body: Body,
    files: list[Attachment],
    idempotency_key: str | None,
    shared: Shared,
    *,
    before: dict[str, Any],
    by: Any,
) -> Message:
    """Write one message to everybody who was asked, queued for delivery once each. Call with the lock held.

    `before` is what taking it back restores.
    """
    checks.refuse_foreign_files(ticket, files, by=by)
    whole = whole_mail(ticket, side.thread.inbox, body, shared, by=by)
    checks.refuse_too_much(side.thread, whole, [*files, *shared.files])
    has_files = bool(files or shared.files)
    message = _insert(ticket, side, whole, body.text, idempotency_key, has_files=has_files, by=by)
    attach(message, files, body)
    copies = _share(message, shared)
    message.details |= {"written": body.html, "shared": copies, "before": before}
    message.save(update_fields=["details", "external_id"])
    queue(message, people_of(side.people))
    ticket.active_at = message.created_at
    store(ticket, "active_at")
    record(SideMessageSent(ticket_id=ticket.pk, side_id=side.pk, message_id=message.pk), by=by)
    return message


def _share(message: Message, shared: Shared) -> list[str]:
    """Copies of the conversation's files; returns which they are."""
    copies = []
    for file, name in zip(shared.files, shared.names, strict=True):
        copy = copy_stored(file, message=message)
        # It is not shown in the text here: an ordinary attachment.
        copy.name, copy.is_inline, copy.content_id = name, False, ""
        copy.save(update_fields=["name", "is_inline", "content_id"])
        copies.append(copy.public_id)
    return copies


def whole_mail(ticket: Ticket, inbox: Inbox | None, body: Body, shared: Shared, *, by: Any) -> Body:
    """The agent's words with their signature, and below them what goes along."""
    signed = signature(inbox, ticket.team, by) if inbox else ""
    html = [body.html, f"<br>{signed}" if signed else "", shared.html]
    text = [body.text, f"-- \n{text_of(signed)}" if signed else "", shared.text]
    return Body("".join(html), "\n\n".join(part for part in text if part), body.images)


def _insert(
    ticket: Ticket,
    side: SideThread,
    body: Body,
    words: str,
    idempotency_key: str | None,
    *,
    has_files: bool,
    by: Any,
) -> Message:
    """To everybody but those who were asked it is internal: whoever gathers what customers see passes it by."""
    inbox = side.thread.inbox
    if inbox is None:
        raise Refused(_("The account that this message was to be sent from is gone."))
    message = Message.objects.create(
        ticket=ticket,
        thread=side.thread,
        direction=Message.Direction.OUT,
        visibility=Message.Visibility.INTERNAL,
        channel=SIDE,
        agent=by if isinstance(by, Agent) else None,
        sender_name=sender_name(inbox, ticket.team, by)[:160],
        sender_address=inbox.address,
        subject=side.thread.subject,
        to=side.people,
        text=body.text,
        reply_text=words,
        html=body.html,
        details={"mode": SIDE, "images": body.images},
        has_files=has_files,
        created_at=timezone.now(),
        idempotency_key=idempotency_key,
    )
    message.external_id = message_id_for(message)
    return message
