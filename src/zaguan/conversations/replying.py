"""Answer: one message and its status in one transaction, queued for delivery once (R03, R07, R13, R14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations import outgoing_checks as checks
from zaguan.conversations.addressing import FORWARD, NEW, Person, Recipients, recipients, unique
from zaguan.conversations.attachments import copy_stored, take_upload
from zaguan.conversations.bodies import Body, content_id_of, refuse_empty, signature, written
from zaguan.conversations.choosing_inbox import sender_name, thread_for
from zaguan.conversations.events import MessageSent
from zaguan.conversations.models import Attachment, Delivery, Inbox, Message, Thread
from zaguan.conversations.noticing import refuse_unseen
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.own_addresses import own_addresses
from zaguan.conversations.settling import settle
from zaguan.conversations.signing import message_id_for
from zaguan.conversations.subjects import subject_for
from zaguan.conversations.time_written import as_json, log_with
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Identity
from zaguan.tickets.changing import lock, refuse_closed
from zaguan.tickets.models import Ticket

# How long a message waits before it leaves, so that it can be taken back.
UNDO_SECONDS = 10
__all__ = ["UNDO_SECONDS", "Outgoing", "proposed", "reply"]


@transaction.atomic
def reply(ticket: Ticket | int, outgoing: Outgoing, *, by: Any) -> Message:
    """Send an answer, a forward or the first mail of a ticket, and set the status with it.

    The same idempotency key gives the same message back. Raises Conflict when somebody wrote after
    `last_seen_id`; Refused for closed and internal tickets, a missing team, wrong or missing recipients, files
    that may not leave, and text that cannot be cleaned.
    """
    fresh = lock(ticket)
    known = sent_before(fresh, outgoing.idempotency_key, by=by)
    if known is not None:
        return known
    refuse_closed(fresh)
    checks.refuse_unanswerable(fresh, outgoing.automatic)
    outgoing.answers = outgoing.answers or (None if outgoing.mode == NEW else last_said(fresh))
    checks.refuse_foreign(fresh, outgoing.mode, outgoing.answers)
    refuse_unseen(fresh, outgoing.last_seen_id, by=by)
    body = written(outgoing.html, outgoing.attachments)
    if outgoing.mode != FORWARD:
        refuse_empty(body, outgoing.attachments)
    checks.refuse_placeholder(body.html)
    people = _people(fresh, outgoing)
    thread = thread_for(fresh, outgoing.answers, outgoing.inbox)
    people = checks.checked_people(people, thread, outgoing)
    checks.refuse_foreign_files(fresh, outgoing.attachments, by=by)
    checks.refuse_too_much(thread, body, outgoing.attachments)
    message = _insert(fresh, thread, outgoing, body, people, by=by)
    attach(message, outgoing.attachments, body)
    queue(message, unique([*people["to"], *people["cc"], *people["bcc"]]))
    # Before the status, which may ask for it.
    log_with(fresh, message, outgoing.time, by=by)
    settle(fresh, message, outgoing, by=by)
    event = MessageSent(
        ticket_id=fresh.pk, message_id=message.pk, channel=message.channel, automatic=outgoing.automatic
    )
    record(event, by=by)
    return message


def sent_before(ticket: Ticket, key: str | None, *, by: Any) -> Message | None:
    """The message that this key has already made, whether by a double click or a repeated request (R03)."""
    if key is None:
        return None
    same = Message.objects.filter(idempotency_key=key)
    if isinstance(by, Agent):
        found = same.filter(agent=by).first()
    else:
        found = same.filter(agent=None, ticket=ticket).first()
    if found is not None and found.withdrawn_at is not None:
        raise Refused(_("You took this message back. Send it again from your draft."))
    return found


def last_said(ticket: Ticket) -> Message | None:
    """What an answer answers when nobody says: the last incoming message, else our own last one; never a note."""
    said = ticket.messages.filter(withdrawn_at=None).exclude(visibility=Message.Visibility.INTERNAL)
    incoming = said.filter(direction=Message.Direction.IN).order_by("-id").first()
    return incoming or said.filter(direction=Message.Direction.OUT).order_by("-id").first()


def proposed(ticket: Ticket, mode: str, answers: Message | None) -> Recipients:
    """Whom an answer goes to if the agent changes nothing; the composer shows exactly this."""
    identities = list(
        Identity.objects.filter(contact=ticket.requester_id, kind="email").order_by("-is_primary", "id")
    )
    requester = (identities[0].value, ticket.requester.name) if identities and ticket.requester else None
    return recipients(
        answers,
        mode,
        own_addresses(),
        requester=requester,
        customers=[identity.value for identity in identities],
        copies=[(copy.email, copy.name) for copy in ticket.copies.all()],
    )


def _people(ticket: Ticket, outgoing: Outgoing) -> dict[str, list[Person]]:
    default = proposed(ticket, outgoing.mode, outgoing.answers)
    to = unique(default.to if outgoing.to is None else checks.valid(outgoing.to, "to"))
    cc = unique(default.cc if outgoing.cc is None else checks.valid(outgoing.cc, "cc"), besides=to)
    bcc = unique(checks.valid(outgoing.bcc or [], "bcc"), besides=[*to, *cc])
    return {"to": to, "cc": cc, "bcc": bcc}


def _insert(
    ticket: Ticket,
    thread: Thread,
    outgoing: Outgoing,
    body: Body,
    people: dict[str, list[Person]],
    *,
    by: Any,
) -> Message:
    inbox = thread.inbox
    assert inbox is not None
    message = Message.objects.create(
        ticket=ticket,
        thread=thread,
        direction=Message.Direction.OUT,
        visibility=Message.Visibility.PRIVATE,
        channel=inbox.kind,
        agent=by if isinstance(by, Agent) else None,
        sender_name=sender_name(inbox, ticket.team, by)[:160],
        sender_address=inbox.address,
        subject=subject_for(ticket, thread, outgoing.mode, outgoing.answers, outgoing.subject),
        to=[list(person) for person in people["to"]],
        cc=[list(person) for person in people["cc"]],
        text=body.text,
        reply_text=body.text,
        html=body.html,
        answers=outgoing.answers,
        details=_details(ticket, inbox, outgoing, body, people, by=by),
        is_automatic=outgoing.automatic,
        has_files=bool(outgoing.attachments),
        created_at=timezone.now(),
        idempotency_key=outgoing.idempotency_key,
    )
    message.external_id = message_id_for(message)
    return message


def _details(
    ticket: Ticket, inbox: Inbox, outgoing: Outgoing, body: Body, people: dict[str, list[Person]], *, by: Any
) -> dict[str, Any]:
    """What composing needs beside the columns, fixed now, so that a later try composes the same mail."""
    return {
        "mode": outgoing.mode,
        "signature": "" if outgoing.automatic else signature(inbox, ticket.team, by),
        "language": (ticket.requester.language if ticket.requester else "") or "",
        "bcc": [list(person) for person in people["bcc"]],
        "images": body.images,
    } | ({"worked": as_json(outgoing.time)} if outgoing.time else {})


def attach(message: Message, files: list[Attachment], body: Body) -> None:
    for file in files:
        own = copy_stored(file, message=message) if file.message_id else file
        if content_id_of(file) in body.images:
            # A copy keeps the id that the text names.
            own.content_id, own.is_inline = content_id_of(file), True
        if own is file:
            take_upload(file, message)
        else:
            own.save(update_fields=["content_id", "is_inline"])


def queue(message: Message, people: list[Person]) -> None:
    """One delivery per address; an agent's waits a moment for a change of mind."""
    now = message.created_at
    run_at = now if message.is_automatic else now + timedelta(seconds=UNDO_SECONDS)
    inbox = message.thread.inbox if message.thread else None
    Delivery.objects.bulk_create(
        [
            Delivery(message=message, inbox=inbox, address=address, run_at=run_at, changed_at=now)
            for address, _name in people
        ]
    )
