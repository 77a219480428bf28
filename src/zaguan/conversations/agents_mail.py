"""An agent answers from an ordinary mail program: taken as theirs only when nobody else can have written it (bug 2)."""

from __future__ import annotations

from zaguan.conversations.arriving import show_on_ticket, write_message
from zaguan.conversations.events import MessageSent, NoteAdded
from zaguan.conversations.following_up import survivor
from zaguan.conversations.incoming import Incoming
from zaguan.conversations.models import Message, RawMessage, Thread
from zaguan.events.recording import record
from zaguan.people.models import Agent, Identity
from zaguan.tickets.models import Ticket


def write_as_agent(
    incoming: Incoming, thread: Thread, *, raw: RawMessage | None, sender: str
) -> tuple[Ticket, Message] | None:
    """Write the mail as the agent's own, or return None when `sender` is no agent who sees this ticket.

    Call it only for a signed thread and an authenticated sender. When the customer was among the addressees
    they have it already, and it counts as an answer; otherwise it is an internal note. Nothing is sent.
    """
    agent = Agent.objects.select_related("role").filter(email=sender, is_active=True).first()
    if agent is None or not Ticket.objects.visible_to(agent).filter(pk=thread.ticket_id).exists():
        return None
    ticket = survivor(thread)
    answered = _reached_customer(incoming, ticket)
    message = write_message(
        incoming,
        thread,
        raw=raw,
        agent=agent,
        direction=Message.Direction.OUT if answered else Message.Direction.NOTE,
        visibility=Message.Visibility.PRIVATE if answered else Message.Visibility.INTERNAL,
        extra={"by_mail": True},
    )
    show_on_ticket(ticket, message, answered=False)
    if answered:
        record(MessageSent(ticket_id=ticket.pk, message_id=message.pk, channel=message.channel), by=agent)
    else:
        record(NoteAdded(ticket_id=ticket.pk, message_id=message.pk), by=agent)
    return ticket, message


def _reached_customer(incoming: Incoming, ticket: Ticket) -> bool:
    """Whether the requester stood in To or Cc."""
    if ticket.requester_id is None or ticket.is_internal:
        return False
    theirs = Identity.objects.filter(contact_id=ticket.requester_id, kind="email").values_list(
        "value", flat=True
    )
    named = {address.email for address in (*incoming.to, *incoming.cc)}
    return any(value in named for value in theirs)
