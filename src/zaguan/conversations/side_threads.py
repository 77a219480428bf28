"""Ask people outside for help with a ticket (A9): a thread of its own, that the customer never sees anything of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations import outgoing_checks as checks
from zaguan.conversations.addressing import Own, Person, key, people_of, unique
from zaguan.conversations.attachments import copy_stored
from zaguan.conversations.bodies import Body, refuse_empty, signature, written
from zaguan.conversations.choosing_inbox import inbox_for, sender_name
from zaguan.conversations.events import (
    SideMessageSent,
    SideThreadClosed,
    SideThreadReopened,
    SideThreadStarted,
)
from zaguan.conversations.models import SIDE, Attachment, Delivery, Inbox, Message, SideThread, Thread
from zaguan.conversations.own_addresses import own_addresses
from zaguan.conversations.replying import attach, sent_before
from zaguan.conversations.sharing_outside import Shared, Sharing, what_leaves
from zaguan.conversations.signing import message_id_for
from zaguan.conversations.subjects import one_line, without_number
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.people.identifying import normal_email
from zaguan.people.models import Agent, Identity
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import Ticket

MOST_PEOPLE, MOST_DAYS, MOST_THREADS = 20, 365, 50
_LONGEST = 300


@dataclass(kw_only=True)
class Question:
    """What an agent wants to ask, and of whom."""

    to: Sequence[Person]
    subject: str
    html: str
    sharing: Sharing = field(default_factory=Sharing)
    days: int = 30
    attachments: list[Attachment] = field(default_factory=list)
    idempotency_key: str | None = None


def refuse_asking(ticket: Ticket) -> None:
    """Trackers, the back office and internal tickets hold internal words only: nothing of them leaves."""
    if ticket.is_internal or (ticket.type_id is not None and ticket.kind not in ANSWERED):
        raise Refused(_("Nothing leaves from an internal ticket, a tracker or the back office."))


@dataclass(frozen=True)
class Preview:
    """Exactly what would leave, to whom. `digest` changes when any of it does."""

    people: list[Person]
    subject: str
    html: str
    text: str
    files: list[tuple[str, int]]
    digest: str


def preview_question(ticket: Ticket, question: Question, *, by: Any) -> Preview:
    """What would leave now; nothing is written. Raises Refused as starting does."""
    refuse_closed(ticket)
    refuse_asking(ticket)
    people, subject = checked_people(ticket, question.to), _subject(ticket, question.subject)
    body, shared = _body(question.html, question.attachments), what_leaves(ticket, question.sharing)
    _days(question.days)
    thread = Thread(ticket=ticket, inbox=_inbox(ticket), channel=SIDE, subject=subject)
    whole = _whole(ticket, thread.inbox, body, shared, by=by)
    checks.refuse_too_much(thread, whole, [*question.attachments, *shared.files])
    files = [(file.name, file.size) for file in question.attachments]
    files += [(name, file.size) for name, file in zip(shared.names, shared.files, strict=True)]
    seen = json.dumps([people, subject, whole.html, files])
    return Preview(people, subject, whole.html, whole.text, files, hashlib.sha256(seen.encode()).hexdigest())


@transaction.atomic
def start_side_thread(ticket: Ticket | int, question: Question, *, by: Any) -> SideThread:
    """Write to people outside; their answers come back beside the customer's conversation.

    The same idempotency key gives the same thread back. Raises Refused for tickets of which nothing leaves, for
    the customer's own addresses, and for what the other checks of an outgoing mail refuse.
    """
    fresh = lock(ticket)
    known = sent_before(fresh, question.idempotency_key, by=by)
    if known is not None and known.thread is not None:
        return SideThread.objects.get(thread=known.thread)
    refuse_closed(fresh)
    refuse_asking(fresh)
    people = checked_people(fresh, question.to)
    subject = _subject(fresh, question.subject)
    body = _body(question.html, question.attachments)
    days = _days(question.days)
    shared = what_leaves(fresh, question.sharing)
    side = _new(fresh, people, subject, days, question.sharing, by=by)
    told = SideThreadStarted(
        ticket_id=fresh.pk,
        side_id=side.pk,
        to=[address for address, _name in people],
        subject=side.subject,
        shared=question.sharing.as_json(),
    )
    record(told, by=by)
    _send(fresh, side, body, question.attachments, question.idempotency_key, shared, by=by)
    return side


@transaction.atomic
def write_beside(
    side: SideThread,
    html: str,
    *,
    by: Any,
    attachments: Sequence[Attachment] = (),
    idempotency_key: str | None = None,
) -> Message:
    """Write on to the same people. A closed thread is open again, and answers are taken in for as many days more."""
    fresh, ticket = _locked(side)
    known = sent_before(ticket, idempotency_key, by=by)
    if known is not None:
        return known
    refuse_asking(ticket)
    checked_people(ticket, people_of(fresh.people))
    body = _body(html, attachments)
    _prolong(fresh, by=by)
    return _send(ticket, fresh, body, list(attachments), idempotency_key, Shared(), by=by)


@transaction.atomic
def close_side_thread(side: SideThread, *, by: Any) -> None:
    """Done with it. An answer that comes after all opens it again. Closing twice is fine."""
    fresh, ticket = _locked(side)
    if fresh.closed_at is None:
        fresh.closed_at = timezone.now()
        fresh.save(update_fields=["closed_at"])
        store(ticket)
        event = SideThreadClosed(ticket_id=ticket.pk, side_id=fresh.pk, subject=fresh.subject)
        record(event, by=by)


@transaction.atomic
def reopen_side_thread(side: SideThread, *, by: Any) -> None:
    """Go on with it: answers are taken in again for as many days as at first."""
    fresh, ticket = _locked(side)
    if fresh.closed_at is not None or fresh.is_over:
        _prolong(fresh, by=by, told=True)
        store(ticket)


def checked_people(ticket: Ticket, people: Sequence[Person]) -> list[Person]:
    """Those who may be asked: neither the customer nor one of our own addresses. Raises Refused."""
    found = unique(checks.valid(people, "to"))
    own = Own(own_addresses())
    for address, _name in found:
        values = {"address": address}
        if address in own:
            raise Refused(_("%(address)s is an address of this desk.") % values, field="to")
        if belongs_to_customer(ticket, address):
            raise Refused(
                _("%(address)s is the customer’s. Answer them in the conversation instead.") % values,
                field="to",
            )
        if any(key(copy) == key(address) for copy in ticket.copies.values_list("email", flat=True)):
            raise Refused(
                _("%(address)s is in copy of the customer’s conversation. Write to them there.") % values,
                field="to",
            )
    if not found:
        raise Refused(_("Choose who gets this message."), field="to")
    if len(found) > MOST_PEOPLE:
        raise Refused(_("Ask at most %(count)d people at a time.") % {"count": MOST_PEOPLE}, field="to")
    return found


def belongs_to_customer(ticket: Ticket, address: str) -> bool:
    """Whether it is one of the requester's addresses."""
    theirs = Identity.objects.filter(contact=ticket.requester_id, kind="email")
    return ticket.requester_id is not None and theirs.filter(value=normal_email(address)).exists()


def may_leave_beside(message: Message) -> bool:
    """The last gate for a message of a side thread: only to those who were asked, never to the customer."""
    side = SideThread.objects.filter(thread=message.thread_id, thread__channel=SIDE).first()
    internal = message.visibility == Message.Visibility.INTERNAL
    if side is None or message.channel != SIDE or not internal or message.cc or message.details.get("bcc"):
        return False
    asked = {key(address) for address, _name in people_of(side.people)}
    going = {address for address, _name in people_of(message.to)}
    going |= set(message.deliveries.values_list("address", flat=True))
    ticket = message.ticket
    return all(key(a) in asked and not belongs_to_customer(ticket, a) for a in going)


def _locked(side: SideThread) -> tuple[SideThread, Ticket]:
    ticket = lock(Thread.objects.values_list("ticket_id", flat=True).get(pk=side.thread_id))
    rows = SideThread.objects.select_for_update(of=("self",)).select_related("thread__inbox")
    return rows.get(pk=side.pk), ticket


def _subject(ticket: Ticket, wanted: str) -> str:
    """On one line, with the number for mail programs that forget all else."""
    plain = without_number(one_line(wanted), ticket.number)
    if not plain:
        raise Refused(_("Say in a subject what it is about."), field="subject")
    checks.refuse_placeholder(plain)
    tag = f" [#{ticket.number}]"
    return plain[: _LONGEST - len(tag)] + tag


def _body(html: str, files: Sequence[Attachment]) -> Body:
    body = written(html, files)
    refuse_empty(body, files)
    checks.refuse_placeholder(body.html)
    return body


def _days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Choose 1 to %(count)d days.") % {"count": MOST_DAYS}, field="days")
    return days


def _new(
    ticket: Ticket, people: list[Person], subject: str, days: int, sharing: Sharing, *, by: Any
) -> SideThread:
    if ticket.threads.filter(channel=SIDE).count() >= MOST_THREADS:
        raise Refused(_("A ticket has room for %(count)d side threads.") % {"count": MOST_THREADS})
    inbox, now = _inbox(ticket), timezone.now()
    return SideThread.objects.create(
        thread=Thread.objects.create(ticket=ticket, inbox=inbox, channel=SIDE, subject=subject),
        agent=by if isinstance(by, Agent) else None,
        people=[list(person) for person in people],
        shared=sharing.as_json(),
        days=days,
        expires_at=now + timedelta(days=days),
        created_at=now,
    )


def _inbox(ticket: Ticket) -> Inbox:
    inbox = inbox_for(ticket)
    if inbox is None or not inbox.address:
        raise Refused(_("There is no mail account to write from. An administrator adds one in the settings."))
    return inbox


def _prolong(side: SideThread, *, by: Any, told: bool = False) -> None:
    was_done = side.closed_at is not None
    side.closed_at, side.expires_at = None, timezone.now() + timedelta(days=side.days)
    side.save(update_fields=["closed_at", "expires_at"])
    if was_done or told:
        thread = side.thread
        record(SideThreadReopened(ticket_id=thread.ticket_id, side_id=side.pk, subject=side.subject), by=by)


def _send(
    ticket: Ticket,
    side: SideThread,
    body: Body,
    files: list[Attachment],
    idempotency_key: str | None,
    shared: Shared,
    *,
    by: Any,
) -> Message:
    checks.refuse_foreign_files(ticket, files, by=by)
    whole = _whole(ticket, side.thread.inbox, body, shared, by=by)
    checks.refuse_too_much(side.thread, whole, [*files, *shared.files])
    has_files = bool(files or shared.files)
    message = _insert(ticket, side, whole, body.text, idempotency_key, has_files=has_files, by=by)
    attach(message, files, body)
    for file, name in zip(shared.files, shared.names, strict=True):
        copy = copy_stored(file, message=message)
        # It is not shown in the text here: an ordinary attachment.
        copy.name, copy.is_inline, copy.content_id = name, False, ""
        copy.save(update_fields=["name", "is_inline", "content_id"])
    now = message.created_at
    Delivery.objects.bulk_create(
        Delivery(message=message, inbox=side.thread.inbox, address=address, run_at=now, changed_at=now)
        for address, _name in people_of(side.people)
    )
    ticket.active_at = now
    store(ticket, "active_at")
    record(SideMessageSent(ticket_id=ticket.pk, side_id=side.pk, message_id=message.pk), by=by)
    return message


def _whole(ticket: Ticket, inbox: Inbox | None, body: Body, shared: Shared, *, by: Any) -> Body:
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
    message.save(update_fields=["external_id"])
    return message
