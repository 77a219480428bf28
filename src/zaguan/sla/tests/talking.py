"""The customer writes again, through the door that mail takes."""

from __future__ import annotations

from django.db import transaction

from zaguan.conversations.arriving import show_on_ticket, write_message
from zaguan.conversations.events import MessageReceived
from zaguan.conversations.incoming import Address, Incoming
from zaguan.events.recording import record
from zaguan.testing.world import World
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket
from zaguan.tickets.statuses import reopened_by_customer


@transaction.atomic
def customer_writes(world: World, ticket: Ticket, text: str = "¿Y bien?") -> None:
    """A person's answer in the ticket's thread."""
    fresh = lock(ticket)
    thread = fresh.threads.order_by("pk")[0]
    incoming = Incoming(
        sender=Address("dan@customer.example", "Dan"), subject="Re:", text=text, reply_text=text
    )
    message = write_message(incoming, thread, raw=None, contact=world.dan)
    reopened_by_customer(fresh, by=world.dan)
    show_on_ticket(fresh, message, answered=True)
    record(MessageReceived(ticket_id=fresh.pk, message_id=message.pk, channel="email"), by=world.dan)
