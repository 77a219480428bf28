"""Bounces, delays and complaints: tied to the delivery they speak of, shown in its ticket (R05)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.arriving import show_on_ticket, write_message
from zaguan.conversations.events import DeliveryChanged, MessageReceived
from zaguan.conversations.following_up import survivor
from zaguan.conversations.incoming import Bounce, Incoming
from zaguan.conversations.models import SIDE, Delivery, Message, RawMessage, Thread
from zaguan.conversations.side_answers import show_beside
from zaguan.conversations.signing import thread_of_message_id
from zaguan.conversations.threading import Place
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.people.identifying import find_identity, mark_bounced, normal_email
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket
from zaguan.tickets.statuses import reopen

State = Delivery.State
# A state is only ever left for one further on; a bounce can follow what looked sent, not what arrived.
_MAY_FAIL = (State.QUEUED, State.SENDING, State.SENT, State.UNKNOWN)
_MAY_ARRIVE = (State.SENDING, State.SENT, State.UNKNOWN)
_RECENT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Notice:
    """The thread a notice speaks of. `proved`: it names an id that only somebody with our mail can know."""

    thread: Thread
    proved: bool


def find_notice(incoming: Incoming, place: Place) -> Notice | None:
    """What a notice is about; None for one about a mail that we did not send (backscatter)."""
    for bounce in incoming.bounces:
        thread = thread_of_message_id(bounce.about) if bounce.about else None
        if thread is not None:
            return Notice(thread, proved=True)
    if place.thread is not None:
        return Notice(place.thread, proved=place.signed)
    for bounce in incoming.bounces:
        thread = _lately_sent_to(bounce.recipient)
        if thread is not None:
            return Notice(thread, proved=False)
    return None


def _lately_sent_to(address: str) -> Thread | None:
    """Some servers leave out what they could not deliver: then the last mail to that address is shown it (D12)."""
    identity = find_identity("email", address.strip().lower()) if address else None
    if identity is None:
        return None
    tickets = Ticket.objects.filter(requester_id=identity.contact_id).order_by("-active_at")[:10]
    numbers = list(tickets.values_list("pk", flat=True))
    sent = Delivery.objects.filter(
        message__ticket__in=numbers, address__iexact=address, changed_at__gte=timezone.now() - _RECENT
    )
    last = sent.select_related("message__thread").order_by("-pk").first()
    return last.message.thread if last else None


def take_notice(incoming: Incoming, notice: Notice, *, raw: RawMessage | None) -> tuple[Ticket, Message]:
    """Show a notice in its ticket, and let what it says be true if it is proved."""
    ticket = survivor(notice.thread)
    message = write_message(
        incoming,
        notice.thread,
        raw=raw,
        visibility=Message.Visibility.INTERNAL,
        extra={"bounces": [asdict(bounce) for bounce in incoming.bounces[:50]], "proved": notice.proved},
    )
    if notice.proved:
        for bounce in incoming.bounces:
            _apply(bounce, ticket, notice.thread)
    if notice.thread.channel == SIDE:
        show_beside(ticket, notice.thread, message)
    else:
        show_on_ticket(ticket, message, answered=False)
    event = MessageReceived(
        ticket_id=ticket.pk, message_id=message.pk, channel=message.channel, machine=True, opened=False
    )
    record(event, by=SYSTEM)
    return ticket, message


def _apply(bounce: Bounce, ticket: Ticket, thread: Thread) -> None:
    if bounce.kind == "delayed":
        return
    delivery = _delivery(bounce, ticket, thread)
    if bounce.kind == "delivered":
        if delivery is not None:
            change_delivery(delivery, State.DELIVERED, bounce.reason)
        return
    if bounce.kind == "complaint":
        if delivery is not None:
            _mark(delivery.address, _("The person marked our mail as spam."))
        return
    reason = bounce.reason or bounce.diagnostic or bounce.status
    if delivery is not None:
        # Every customer can sign a notice for their own thread; about other people's addresses it proves nothing.
        change_delivery(delivery, State.FAILED, reason, code=bounce.status)
        _mark(delivery.address, reason)
    reopen(ticket, by=SYSTEM, reason=_("A message was not delivered."))


def _mark(address: str, reason: str) -> None:
    identity = find_identity("email", normal_email(address)[:254])
    if identity is not None:
        mark_bounced(identity, reason, by=SYSTEM)


def came_back(delivery: Delivery, reason: str, *, failed: bool = True) -> None:
    """A provider says that a mail came back (or, not `failed`, was called spam). Call in a transaction."""
    # The ticket first, as everybody does who changes a delivery: else two wait for one another.
    ticket = lock(delivery.message.ticket_id)
    _mark(delivery.address, reason)
    if failed and change_delivery(delivery, State.FAILED, reason):
        reopen(ticket, by=SYSTEM, reason=_("A message was not delivered."))


def _delivery(bounce: Bounce, ticket: Ticket, thread: Thread) -> Delivery | None:
    """The attempt that the notice is about: of the message it names, to the address it names."""
    sent = Delivery.objects.filter(message__ticket=ticket, message__thread=thread).order_by("-pk")
    if bounce.about:
        named = sent.filter(message__external_id=bounce.about.strip("<>"))
        sent = named if named.exists() else sent
    exact = sent.filter(address__iexact=bounce.recipient).first()
    if exact is not None:
        return exact
    # A forwarding server names an address that we do not know; with one recipient it can only be that one.
    candidates = list(sent[:2])
    return candidates[0] if len({each.address for each in candidates}) == 1 else None


def change_delivery(delivery: Delivery, state: str, reason: str, *, code: str = "") -> bool:
    """Move a delivery on to failed, delivered or read; never backwards. Call in a transaction."""
    allowed = {
        State.FAILED: _MAY_FAIL,
        State.DELIVERED: _MAY_ARRIVE,
        State.READ: (*_MAY_ARRIVE, State.DELIVERED),
    }
    fresh = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery.pk)
    if fresh.state not in allowed[State(state)]:
        return False
    fresh.state, fresh.changed_at = state, timezone.now()
    fresh.code, fresh.answer = code[:20] or fresh.code, reason[:2000] or fresh.answer
    fresh.save(update_fields=["state", "changed_at", "code", "answer"])
    event = DeliveryChanged(
        ticket_id=fresh.message.ticket_id,
        message_id=fresh.message_id,
        delivery_id=fresh.pk,
        address=fresh.address,
        state=state,
        reason=reason[:500],
    )
    record(event, by=SYSTEM)
    return True
