"""What tests of sending start from: a customer who asked, an answer that is due."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zaguan.conversations.models import Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.servers import Sink
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket


def sending_world(sink: Sink) -> World:
    """The cast, whose inbox sends through the sink."""
    cast = make_world()
    cast.inbox.settings = {
        "smtp": {"host": "127.0.0.1", "port": sink.port, "security": "none", "auth": "none"}
    }
    cast.inbox.save()
    return cast


def asked(world: World, **fields: Any) -> Ticket:
    ticket = make_ticket(world, **fields)
    values = {
        "sender_address": "dan@customer.example",
        "sender_name": "Dan Díaz",
        "external_id": "q1@customer.example",
    }
    make_message(ticket, world, "La impresora no imprime.", subject="La impresora no imprime", **values)
    return ticket


def answer(world: World, ticket: Ticket, **values: Any) -> Message:
    """An answer that is due at once."""
    message = reply(ticket, Outgoing(html="<p>Está en camino.</p>", **values), by=world.ana)
    message.deliveries.update(run_at=timezone.now())
    return message


def states(message: Message) -> dict[str, str]:
    return dict(message.deliveries.order_by("id").values_list("address", "state"))
