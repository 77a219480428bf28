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
from zaguan.conversations.addressing import Person, people_of
from zaguan.conversations.bodies import Body, refuse_empty, written
from zaguan.conversations.choosing_inbox import inbox_for
from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.events import (
    SideThreadClosed,
    SideThreadReopened,
    SideThreadStarted,
)
from zaguan.conversations.models import SIDE, Attachment, Draft, Inbox, Message, SideThread, Thread
from zaguan.conversations.replying import sent_before
from zaguan.conversations.sharing_outside import Shared, Sharing, what_leaves
from zaguan.conversations.side_gate import checked_people, refuse_asking
from zaguan.conversations.side_mails import send_beside, whole_mail
from zaguan.conversations.subjects import one_line, without_number
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import Ticket

MOST_DAYS, MOST_THREADS = 365, 50
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
    whole = whole_mail(ticket, thread.inbox, body, shared, by=by)
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
    files, key = question.attachments, question.idempotency_key
    send_beside(fresh, side, body, files, key, shared, before={}, by=by)
    if isinstance(by, Agent):
        discard_draft(by, fresh, Draft.Kind.ASK)
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
    """Write on to the same people. A closed thread is open again, and answers are taken in for as many days more.

    As with an answer to the customer there is a moment in which it can be taken back (`side_withdrawing`).
    """
    fresh, ticket = _locked(side)
    known = sent_before(ticket, idempotency_key, by=by)
    if known is not None:
        return known
    refuse_asking(ticket)
    checked_people(ticket, people_of(fresh.people))
    body = _body(html, attachments)
    before = _until(fresh)
    _prolong(fresh, by=by)
    files = list(attachments)
    message = send_beside(ticket, fresh, body, files, idempotency_key, Shared(), before=before, by=by)
    if isinstance(by, Agent):
        discard_draft(by, ticket, Draft.Kind.SIDE, fresh.thread)
    return message


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
    if SideThread.objects.filter(thread__ticket=ticket).count() >= MOST_THREADS:
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


def _until(side: SideThread) -> dict[str, str | None]:
    closed = side.closed_at.isoformat() if side.closed_at else None
    return {"expires_at": side.expires_at.isoformat(), "closed_at": closed}


def _prolong(side: SideThread, *, by: Any, told: bool = False) -> None:
    was_done = side.closed_at is not None
    side.closed_at, side.expires_at = None, timezone.now() + timedelta(days=side.days)
    side.save(update_fields=["closed_at", "expires_at"])
    if was_done or told:
        thread = side.thread
        record(SideThreadReopened(ticket_id=thread.ticket_id, side_id=side.pk, subject=side.subject), by=by)
