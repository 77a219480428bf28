"""What the list says of the last words."""

from __future__ import annotations

import pytest

from zaguan.conversations.replying import Outgoing, reply
from zaguan.desk.rows import ticket_row
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Ticket
from zaguan.tickets.rows import rows_of

pytestmark = pytest.mark.django_db


def said_by(viewer: Agent, ticket: Ticket) -> str:
    return ticket_row(rows_of(viewer, [ticket.pk])[0], viewer).excerpt_by


def test_you_are_the_one_who_wrote_not_the_one_who_has_the_ticket(world: World) -> None:
    ticket, _question = make_question(world)
    assign(ticket, world.bo, by=world.ana)
    reply(ticket, Outgoing(html="<p>Ya vamos.</p>"), by=world.ana)
    assert said_by(world.ana, ticket) == "you"
    assert said_by(world.bo, ticket) == "agent"
