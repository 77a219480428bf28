"""Whom machines may write to (R04, R05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.automatic import may_send_automatically
from zaguan.conversations.models import Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.lib.errors import Refused
from zaguan.people.models import Identity
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def test_machines_write_three_times_a_day_and_not_to_machines(world: World) -> None:
    ticket, question = make_question(world)
    outgoing: dict[str, Any] = {"html": "<p>Recibido</p>", "automatic": True}
    for _each in range(3):
        message = reply(ticket, Outgoing(**outgoing), by=world.bo)
        assert message.deliveries.get().run_at == message.created_at
    with pytest.raises(Refused):
        reply(ticket, Outgoing(**outgoing), by=world.bo)
    assert fresh(ticket).phase == Phase.NEW
    assert fresh(ticket).first_answered_at is None
    Message.objects.filter(direction="out").update(created_at=timezone.now() - timedelta(hours=25))
    question.details = {"auto_reply": True}
    question.save()
    with pytest.raises(Refused):
        reply(ticket, Outgoing(**outgoing, answers=question), by=world.bo)


def test_muting_counts_for_machines_until_its_day_and_not_for_people(world: World) -> None:
    ticket, _question = make_question(world)
    Identity.objects.filter(value=DAN).update(muted_until=timezone.now() + timedelta(days=1))
    assert may_send_automatically(DAN, world.inbox)
    assert reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana).deliveries.count() == 1
    Identity.objects.filter(value=DAN).update(muted_until=timezone.now() - timedelta(seconds=1))
    assert may_send_automatically(DAN, world.inbox) == ""


@pytest.mark.parametrize("address", ["MAILER-DAEMON@x.example", "no-reply@x.example", "help@zaguan.example"])
def test_machines_never_write_to(world: World, address: str) -> None:
    assert may_send_automatically(address, world.inbox)
