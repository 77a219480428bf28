"""The one door for every channel: a message that came in finds its person and its ticket, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations import following_up
from zaguan.conversations.agents_mail import write_as_agent
from zaguan.conversations.arriving import removing_files_on_failure, show_on_ticket, write_message
from zaguan.conversations.events import MessageReceived
from zaguan.conversations.incoming import Address, Incoming
from zaguan.conversations.models import SIDE, Inbox, Message, RawMessage, Thread
from zaguan.conversations.notices import find_notice, take_notice
from zaguan.conversations.own_addresses import own_addresses
from zaguan.conversations.screening import reason_to_hold
from zaguan.conversations.side_answers import TooLate, take_answer
from zaguan.conversations.signing import token_of_message_id, without_plus
from zaguan.conversations.threading import Place, find_place
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.new_rows import new
from zaguan.lib.statements import Lookup, Rows, insert, update
from zaguan.people.identifying import contact_for_email, find_identity, normal_email
from zaguan.people.models import Contact, Identity
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Phase, Ticket
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import reopen_closed, reopened_by_customer

OPENED, JOINED, FOLLOWED_UP = "opened", "joined", "followed_up"
DUPLICATE, HELD, FAILED = "duplicate", "held", "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message."""

    outcome: str
    ticket: Ticket | None = None
    message: Message | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `zaguan mail receive` prints it."""
        return {
            "outcome": self.outcome,
            "ticket": self.ticket.pk if self.ticket else None,
            "message": self.message.pk if self.message else None,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Arrival:
    """One message on its way in, and what has been found out about it."""

    incoming: Incoming
    inbox: Inbox
    raw: RawMessage | None
    # The sender proved to be who they say (DMARC, as our own mail server saw it).
    authenticated: bool = False
    ours: dict[str, int] = field(default_factory=dict)
    sender: Address = field(default_factory=lambda: Address(""))
    identity: Identity | None = None

    @property
    def from_us(self) -> bool:
        """From one of our own addresses, and nobody else named for the answer."""
        return without_plus(self.sender.email) in self.ours

    @property
    def by_itself(self) -> bool:
        """Out of office and the like; what a person wrote through a list is a person's."""
        machine = self.incoming.machine
        return machine.auto_reply or machine.notice or machine.loop


def receive(
    incoming: Incoming,
    inbox: Inbox,
    *,
    raw: RawMessage | None = None,
    released: bool = False,
    authenticated: bool = False,
) -> Outcome:
    """Let a message in: all of it is written, or nothing. `released`: an agent said that it is no spam.

    Raises Taken when another worker has processed `raw` since it was read.
    """
    arrival = Arrival(incoming, inbox, raw, authenticated)
    try:
        with removing_files_on_failure():
            return _in_one_transaction(arrival, released)
    except IntegrityError:
        # The same mail came through another inbox at the same moment, and was first.
        known = _same_mail(raw)
        if known is None:
            raise
        return _finish(raw, known)


class Taken(Exception):  # noqa: N818 (no error: another worker was quicker)
    """The raw mail has been processed meanwhile."""


_state = Lookup(lambda pk: RawMessage.objects.select_for_update().filter(pk=pk).values_list("state"), int)


@transaction.atomic
def _in_one_transaction(arrival: Arrival, released: bool) -> Outcome:
    if arrival.raw is not None and _state(arrival.raw.pk) != [(arrival.raw.state,)]:
        raise Taken
    known = _same_mail(arrival.raw)
    if known is not None:
        return _finish(arrival.raw, known)
    arrival.ours = own_addresses()
    arrival.sender = _sender(arrival)
    if arrival.sender.email:
        arrival.identity = find_identity("email", normal_email(arrival.sender.email)[:254])
    back = _our_own_message(arrival)
    if back is not None:
        return _finish(arrival.raw, back)
    if not released:
        reason = reason_to_hold(arrival.incoming, arrival.inbox, arrival.sender, arrival.identity)
        if reason:
            return _finish(arrival.raw, Outcome(HELD, reason=reason))
    return _finish(arrival.raw, _place(arrival, released))


_claimed = Rows(lambda digest: RawMessage.objects.filter(claim=digest).defer("content"), bytes)


def _same_mail(raw: RawMessage | None) -> Outcome | None:
    if raw is None:
        return None
    first: RawMessage | None = _claimed.first(bytes(raw.fingerprint))
    if first is None or first.pk == raw.pk:
        return None
    message = Message.objects.filter(raw=first).select_related("ticket").first()
    ticket = message.ticket if message else Ticket.objects.filter(pk=first.ticket_id or 0).first()
    return Outcome(DUPLICATE, ticket, message, _("This mail has arrived before."))


def _sender(arrival: Arrival) -> Address:
    """Who wrote. A mail from one of our own addresses (a form on the web site) counts as its Reply-To's."""
    incoming = arrival.incoming
    if incoming.sender.email and without_plus(incoming.sender.email) not in arrival.ours:
        return incoming.sender
    others = (
        each for each in incoming.reply_to if each.email and without_plus(each.email) not in arrival.ours
    )
    return next(others, incoming.sender)


def _our_own_message(arrival: Arrival) -> Outcome | None:
    """A copy of what we sent, come back through a list, a Bcc or a Cc to another inbox."""
    own_id = arrival.incoming.external_id
    if not own_id or without_plus(arrival.incoming.sender.email) not in arrival.ours:
        return None
    token = token_of_message_id(own_id)
    if token is None:
        return None
    sent = Message.objects.filter(
        ticket__threads__token=token, external_id=own_id.strip("<>"), direction=Message.Direction.OUT
    )
    message = sent.select_related("ticket").first()
    thread = Thread.objects.filter(token=token).select_related("ticket").first()
    ticket = message.ticket if message else thread.ticket if thread else None
    return Outcome(DUPLICATE, ticket, message, _("Our own message came back."))


def _place(arrival: Arrival, released: bool) -> Outcome:
    incoming = arrival.incoming
    # Anybody can write our own address as sender: only a signature counts then.
    place = find_place(incoming, "" if arrival.from_us else normal_email(arrival.sender.email))
    if incoming.bounces or incoming.machine.notice:
        notice = find_notice(incoming, place)
        if notice is not None:
            return Outcome(JOINED, *take_notice(incoming, notice, raw=arrival.raw))
        if not released:
            return Outcome(HELD, reason=_("It is a notice about a mail that we did not send."))
    if place.thread is None:
        return _open(arrival, place)
    if place.thread.channel == SIDE:
        return _beside(arrival, place.thread, released)
    if place.signed and arrival.authenticated:
        written = write_as_agent(incoming, place.thread, raw=arrival.raw, sender=arrival.sender.email)
        if written is not None:
            return Outcome(JOINED, *written)
    return _join(arrival, place.thread)


def _beside(arrival: Arrival, thread: Thread, released: bool) -> Outcome:
    """What somebody outside answers stays beside the customer's conversation, whoever they are."""
    ticket = following_up.survivor(thread)
    if ticket.is_hidden:
        return Outcome(HELD, reason=_("It answers a side thread of a ticket that was deleted."))
    sender = arrival.sender.email
    agent = sender if arrival.authenticated and not arrival.from_us else ""
    try:
        message = take_answer(
            arrival.incoming,
            ticket,
            thread,
            raw=arrival.raw,
            sender=arrival.sender,
            proved=agent,
            late=released,
        )
    except TooLate as late:
        return Outcome(HELD, reason=late.reason)
    return Outcome(JOINED, ticket, message)


def _contact(arrival: Arrival) -> Contact | None:
    """The person who wrote; None for our own addresses, which never become requesters (R04)."""
    if arrival.from_us:
        return None
    if arrival.identity is not None and arrival.identity.contact.name not in ("", arrival.identity.value):
        return arrival.identity.contact
    if arrival.sender.email:
        return contact_for_email(arrival.sender.email, arrival.sender.name, by=SYSTEM)
    return _nobody()


def _nobody() -> Contact:
    """Mail without any sender address belongs to this one contact."""
    known = find_identity("none", "")
    if known is not None:
        return known.contact
    contact = Contact.objects.create(name=_("Unknown sender"))
    Identity.objects.create(contact=contact, kind="none", value="", origin="mail")
    return contact


def _open(arrival: Arrival, place: Place, *, follows: Ticket | None = None) -> Outcome:
    incoming, inbox = arrival.incoming, arrival.inbox
    contact = _contact(arrival)
    team = follows.team if follows is not None and follows.team_id else inbox.team
    ticket = open_ticket(
        NewTicket(
            subject=incoming.subject,
            requester=contact,
            channel=inbox.kind,
            inbox_id=inbox.pk,
            account=inbox.name,
            team=team,
            # Nobody to answer: our own address wrote to itself.
            is_internal=contact is None,
        ),
        by=contact or SYSTEM,
    )
    thread = insert(
        new(Thread, ticket=ticket, inbox=inbox, channel=inbox.kind, subject=incoming.subject[:300])
    )
    message = write_message(incoming, thread, raw=arrival.raw, contact=contact, new_thread=True)
    show_on_ticket(ticket, message, answered=True)
    for number in place.suggested:
        link(Ticket(pk=number), ticket, Link.Kind.SUGGESTED, by=SYSTEM)
    if follows is not None:
        following_up.tell_both(follows, ticket)
    _record(arrival, message, contact, opened=True)
    return Outcome(FOLLOWED_UP if follows is not None else OPENED, ticket, message)


def _join(arrival: Arrival, thread: Thread) -> Outcome:
    """Into the thread's ticket, or where that leads when it is merged or closed."""
    ticket = following_up.survivor(thread)
    if ticket.is_hidden:
        # In the trash: what comes now is a new request, and says nothing of the old one.
        return _open(arrival, Place())
    contact = _contact(arrival)
    if ticket.phase == Phase.CLOSED and not arrival.by_itself:
        if following_up.may_reopen(ticket, arrival.inbox):
            reopen_closed(ticket, by=contact or SYSTEM)
        else:
            return _after_closing(arrival, ticket, contact)
    return _write(arrival, ticket, thread, contact)


def _after_closing(arrival: Arrival, ticket: Ticket, contact: Contact | None) -> Outcome:
    person = contact.pk if contact else None
    newer = following_up.open_follow_up(ticket, person)
    if newer is None:
        follows = following_up.latest_in_chain(ticket, person)
        return _open(arrival, Place(), follows=follows)
    thread = newer.threads.filter(inbox=arrival.inbox).exclude(channel=SIDE).first() or Thread.objects.create(
        ticket=newer, inbox=arrival.inbox, channel=arrival.inbox.kind, subject=newer.subject
    )
    return _write(arrival, newer, thread, contact)


def _write(arrival: Arrival, ticket: Ticket, thread: Thread, contact: Contact | None) -> Outcome:
    """A person's answer reopens; a machine's is shown only (R04)."""
    answered = not arrival.by_itself and contact is not None
    message = write_message(arrival.incoming, thread, raw=arrival.raw, contact=contact)
    if answered:
        reopened_by_customer(ticket, by=contact)
    show_on_ticket(ticket, message, answered=answered)
    _record(arrival, message, contact, opened=False)
    return Outcome(JOINED, ticket, message)


def _record(arrival: Arrival, message: Message, contact: Contact | None, *, opened: bool) -> None:
    event = MessageReceived(
        ticket_id=message.ticket_id,
        message_id=message.pk,
        channel=message.channel,
        machine=arrival.incoming.machine.any,
        opened=opened,
    )
    record(event, by=contact or SYSTEM)


def _finish(raw: RawMessage | None, outcome: Outcome) -> Outcome:
    """Say on the raw mail what became of it; the claim keeps a second copy from becoming a second message."""
    if raw is None:
        return outcome
    held = outcome.outcome == HELD
    raw.state = RawMessage.State.HELD if held else RawMessage.State.PROCESSED
    raw.outcome, raw.reason = outcome.outcome, outcome.reason
    raw.ticket_id = outcome.ticket.pk if outcome.ticket else None
    raw.claim = raw.fingerprint if outcome.outcome in (OPENED, JOINED, FOLLOWED_UP) else None
    raw.processed_at = timezone.now()
    update(raw, "state", "outcome", "reason", "ticket_id", "claim", "processed_at")
    return outcome
