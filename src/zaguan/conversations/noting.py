"""Internal notes: for agents only, with mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.conversations.attachments import take_upload
from zaguan.conversations.bodies import Body, content_id_of, refuse_empty, written
from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.events import NoteAdded
from zaguan.conversations.models import Attachment, Draft, Mention, Message
from zaguan.conversations.outgoing_checks import refuse_foreign_files
from zaguan.conversations.replying import sent_before
from zaguan.conversations.time_written import log_with
from zaguan.events.recording import record
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, store
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.statuses import set_status
from zaguan.tickets.time_parts import NewTime

_MENTION = re.compile(r"""\sdata-mention\s*=\s*["']?(\d{1,18})""", re.IGNORECASE)
_MOST_MENTIONS = 50


@transaction.atomic
def add_note(
    ticket: Ticket | int,
    html: str,
    *,
    by: Any,
    attachments: Sequence[Attachment] = (),
    status: Status | None = None,
    status_reason: str = "",
    until: datetime | None = None,
    idempotency_key: str | None = None,
    time: NewTime | None = None,
) -> Message:
    """Write an internal note, set the status and log the `time` with it; those named in it by `data-mention` hear of it.

    Closed tickets take notes too: a record may be commented. The same key gives the same note back.
    """
    fresh = lock(ticket)
    known = sent_before(fresh, idempotency_key, by=by)
    if known is not None:
        return known
    body = written(html, attachments)
    refuse_empty(body, attachments)
    refuse_foreign_files(fresh, attachments, by=by, internal=True)
    message = _insert(fresh, body, attachments, idempotency_key, by=by)
    mentioned = _mention(message, html, by=by)
    # Before the status, which may ask for it.
    log_with(fresh, message, time, by=by)
    if status is not None:
        set_status(fresh, status, by=by, reason=status_reason, until=until)
        fresh.refresh_from_db()
    _settle(fresh, message, by=by)
    record(NoteAdded(ticket_id=fresh.pk, message_id=message.pk, mentioned=mentioned), by=by)
    return message


def mentioned_in(html: str) -> list[int]:
    """The ids of agents named in a note, once each, in order."""
    return list(dict.fromkeys(int(found) for found in _MENTION.findall(html)))[:_MOST_MENTIONS]


def _insert(ticket: Ticket, body: Body, files: Sequence[Attachment], key: str | None, *, by: Any) -> Message:
    agent = by if isinstance(by, Agent) else None
    message = Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.NOTE,
        visibility=Message.Visibility.INTERNAL,
        channel="note",
        agent=agent,
        sender_name=agent.name if agent else "",
        text=body.text,
        reply_text=body.text,
        html=body.html,
        has_files=bool(files),
        is_automatic=agent is None,
        details={"images": body.images} if body.images else {},
        created_at=timezone.now(),
        idempotency_key=key,
    )
    for file in files:
        if content_id_of(file) in body.images:
            file.content_id, file.is_inline = content_id_of(file), True
        take_upload(file, message)
    return message


def _mention(message: Message, html: str, *, by: Any) -> list[int]:
    """Only those who may read the ticket are told; nobody is told of naming themselves."""
    named = Agent.objects.filter(pk__in=mentioned_in(html), is_active=True).select_related("role")
    readers = [
        agent
        for agent in named
        if agent != by and Ticket.objects.visible_to(agent).filter(pk=message.ticket_id).exists()
    ]
    Mention.objects.bulk_create(
        [Mention(agent=agent, message=message, ticket=message.ticket) for agent in readers]
    )
    return [agent.pk for agent in readers]


def _settle(ticket: Ticket, message: Message, *, by: Any) -> None:
    ticket.active_at = message.created_at
    ticket.excerpt, ticket.excerpt_kind = excerpt(message.text, 160), "note"
    ticket.note_count += 1
    ticket.has_files = ticket.has_files or message.has_files
    store(ticket, "active_at", "excerpt", "excerpt_kind", "note_count", "has_files")
    if isinstance(by, Agent):
        discard_draft(by, ticket, Draft.Kind.NOTE)
