"""Quick rows for tests: a ticket, a message."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zaguan.conversations.models import Message, Thread
from zaguan.events.base import SYSTEM
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket
from zaguan.tickets.opening import NewTicket, open_ticket


def make_ticket(world: World, **fields: Any) -> Ticket:
    """A ticket of Dan's in Support's mail inbox, unless told otherwise."""
    values: dict[str, Any] = {
        "subject": "La impresora no imprime",
        "requester": world.dan,
        "team": world.support,
        "channel": "email",
    }
    values |= {"inbox_id": world.inbox.pk, "account": world.inbox.name} | fields
    return open_ticket(NewTicket(**values), by=values.get("requester") or SYSTEM)


def make_message(ticket: Ticket, world: World, text: str = "Hola", **fields: Any) -> Message:
    """A message of the requester's in the ticket's mail thread, written directly, without any verb."""
    thread = ticket.threads.first() or Thread.objects.create(
        ticket=ticket, inbox=world.inbox, channel="email"
    )
    values: dict[str, Any] = {
        "direction": "in",
        "visibility": "private",
        "channel": "email",
        "contact": ticket.requester,
    }
    values |= {"text": text, "reply_text": text, "created_at": timezone.now()} | fields
    return Message.objects.create(ticket=ticket, thread=thread, **values)


def make_question(world: World, text: str = "No imprime.", **fields: Any) -> tuple[Ticket, Message]:
    """A ticket with Dan's first mail in it; `fields` are the message's."""
    ticket = make_ticket(world)
    values: dict[str, Any] = {
        "sender_address": "dan@customer.example",
        "sender_name": "Dan Díaz",
        "external_id": "q1@customer.example",
    }
    return ticket, make_message(ticket, world, text, **(values | fields))
