"""What people outside answer: taken in beside the customer's conversation, and never into it (A9)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.conversations.arriving import write_message
from zaguan.conversations.events import SideMessageReceived, SideThreadReopened
from zaguan.conversations.following_up import write_note
from zaguan.conversations.incoming import Address, Incoming
from zaguan.conversations.models import Mention, Message, RawMessage, SideThread, Thread
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.people.identifying import normal_email
from zaguan.people.models import Agent, Identity
from zaguan.tickets.changing import store
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import reopen

ASKED, UNKNOWN, CUSTOMER, AGENT = "asked", "unknown", "customer", "agent"
# What waits for somebody outside, or for later, goes on when they have answered.
_WAITS = (Phase.WAITING_THIRD, Phase.SNOOZED)


class TooLate(Exception):  # noqa: N818 (no error: it is kept among the held mails)
    """The thread's time is over."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_answer(
    incoming: Incoming,
    ticket: Ticket,
    thread: Thread,
    *,
    raw: RawMessage | None,
    sender: Address,
    proved: str = "",
    late: bool = False,
) -> Message:
    """Write an answer into its side thread, and tell those who wait for it. Call with the ticket's lock held.

    `proved` is the sender's address if the mail was authenticated; `late` lets in what came after the time for it.
    Raises TooLate then.
    """
    side = SideThread.objects.select_for_update(of=("self",)).get(thread=thread)
    agent = _agent(ticket, proved)
    kind = AGENT if agent else _kind(side, ticket, sender)
    if side.is_over and not late:
        _keep_out(side, ticket, thread, kind)
    extra = {"side": {"sender": kind}}
    message = write_message(
        incoming, thread, raw=raw, agent=agent, visibility=Message.Visibility.INTERNAL, extra=extra
    )
    machine = incoming.machine
    by_itself = machine.auto_reply or machine.notice or machine.loop
    if not by_itself and kind != AGENT:
        _go_on(side, ticket, thread)
    _show(side, ticket, message, kind, told=not by_itself, machine=machine.any)
    return message


def show_beside(ticket: Ticket, thread: Thread, message: Message) -> None:
    """The same for a notice about a mail of a side thread; those who wait hear of what did not arrive."""
    side = SideThread.objects.get(thread=thread)
    failed = any(bounce.get("kind") == "failed" for bounce in message.details.get("bounces", ()))
    _show(side, ticket, message, UNKNOWN, told=failed, machine=True)


def _agent(ticket: Ticket, address: str) -> Agent | None:
    found = (
        Agent.objects.select_related("role").filter(email=address, is_active=True).first()
        if address
        else None
    )
    seen = found is not None and Ticket.objects.visible_to(found).filter(pk=ticket.pk).exists()
    return found if seen else None


def _kind(side: SideThread, ticket: Ticket, sender: Address) -> str:
    """Who it is: one of those who were asked, the customer, or somebody who got the address from them."""
    email = normal_email(sender.email)
    if any(person and normal_email(person[0]) == email for person in side.people):
        return ASKED
    theirs = Identity.objects.filter(contact=ticket.requester_id, kind="email", value=email)
    return CUSTOMER if ticket.requester_id and theirs.exists() else UNKNOWN


def _keep_out(side: SideThread, ticket: Ticket, thread: Thread, kind: str) -> None:
    side.late_answers += 1
    side.save(update_fields=["late_answers"])
    if kind == ASKED and side.late_answers == 1:
        text = _("An answer to “%(subject)s” came after the time for it. It waits among the held mails.")
        write_note(ticket, text % {"subject": side.subject})
    raise TooLate(_("The side thread that it answers is over."))


def _go_on(side: SideThread, ticket: Ticket, thread: Thread) -> None:
    """A closed thread is open again, and a ticket that waited for this goes on."""
    if side.closed_at is not None:
        side.closed_at = None
        side.save(update_fields=["closed_at"])
        event = SideThreadReopened(ticket_id=ticket.pk, side_id=side.pk, subject=side.subject)
        record(event, by=SYSTEM)
    if ticket.phase in _WAITS:
        reopen(ticket, by=SYSTEM, reason=_("Somebody outside answered."))
        ticket.refresh_from_db()


def _show(
    side: SideThread, ticket: Ticket, message: Message, kind: str, *, told: bool, machine: bool
) -> None:
    """The ticket moves up in its lists, but shows nothing of it: only those who are told hear who wrote."""
    ticket.active_at = message.created_at
    store(ticket, "active_at")
    readers = _readers(side, ticket, message) if told else []
    Mention.objects.bulk_create([Mention(agent=a, message=message, ticket=ticket) for a in readers])
    event = SideMessageReceived(
        ticket_id=ticket.pk,
        side_id=side.pk,
        message_id=message.pk,
        sender=message.sender_address or message.sender_name,
        sender_kind=kind,
        machine=machine,
        mentioned=[agent.pk for agent in readers],
    )
    record(event, by=message.agent or SYSTEM)


def _readers(side: SideThread, ticket: Ticket, message: Message) -> list[Agent]:
    """Who asked and who has the ticket, as long as they may read it."""
    numbers = {number for number in (side.agent_id, ticket.assignee_id) if number} - {message.agent_id}
    found = Agent.objects.filter(pk__in=numbers, is_active=True).select_related("role")
    return [agent for agent in found if Ticket.objects.visible_to(agent).filter(pk=ticket.pk).exists()]
