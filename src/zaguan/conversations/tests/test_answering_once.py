"""Once per click, and never past a newer word (R03, R13)."""

from __future__ import annotations

import pytest

from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.starting import start_ticket
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.models import Contact
from zaguan.testing.makers import make_message, make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.opening import NewTicket
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def addresses(message: Message) -> list[str]:
    return list(message.deliveries.order_by("id").values_list("address", flat=True))


def test_a_newer_word_of_the_customer_is_shown_first(world: World) -> None:
    ticket, question = make_question(world)
    newer = make_message(ticket, world, "Ya funciona, gracias.")
    with pytest.raises(Conflict) as conflict:
        reply(ticket, Outgoing(html="<p>Hola</p>", last_seen_id=question.pk), by=world.ana)
    [change] = conflict.value.changes
    assert (change["message_id"], change["excerpt"]) == (newer.pk, "Ya funciona, gracias.")
    assert reply(ticket, Outgoing(html="<p>Hola</p>", last_seen_id=newer.pk), by=world.ana).pk


def test_a_colleagues_answer_is_newer_but_a_note_or_ones_own_is_not(world: World) -> None:
    ticket, question = make_question(world)
    add_note(ticket, "<p>Lo miro yo</p>", by=world.bo)
    reply(ticket, Outgoing(html="<p>Uno</p>", last_seen_id=question.pk), by=world.ana)
    reply(ticket, Outgoing(html="<p>Dos</p>", last_seen_id=question.pk), by=world.ana)
    with pytest.raises(Conflict) as conflict:
        reply(ticket, Outgoing(html="<p>Tres</p>", last_seen_id=question.pk), by=world.bo)
    assert [change["name"] for change in conflict.value.changes] == ["Ana", "Ana"]


def test_the_same_key_gives_the_same_message(world: World) -> None:
    ticket, _question = make_question(world)
    first = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1"), by=world.ana)
    again = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1", last_seen_id=0), by=world.ana)
    other = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1"), by=world.bo)
    assert first == again
    assert other != first
    assert Delivery.objects.count() == 2


def test_a_new_ticket_is_started_once_per_click(world: World) -> None:
    new = NewTicket(subject="Su pedido", requester=world.dan, team=world.support)
    outgoing = Outgoing(html="<p>Hola</p>", status=default_status(Phase.WAITING_CUSTOMER))
    first = start_ticket(new, by=world.ana, outgoing=outgoing, note_html="<p>Llamó</p>", idempotency_key="n1")
    again = start_ticket(new, by=world.ana, outgoing=outgoing, note_html="<p>Llamó</p>", idempotency_key="n1")
    assert first == again
    assert first.phase == Phase.WAITING_CUSTOMER
    assert [m.direction for m in first.messages.order_by("id")] == ["note", "out"]
    sent = first.messages.get(direction="out")
    assert sent.subject == f"Su pedido [#{first.pk}]"
    assert sent.answers is None
    assert addresses(sent) == [DAN]
    # It leaves through the team's account.
    assert sent.thread is not None
    assert sent.thread.inbox == world.inbox


def test_a_customer_without_a_mail_address_cannot_be_written_to(world: World) -> None:
    mute = Contact.objects.create(name="Solo teléfono")
    new = NewTicket(subject="Hola", requester=mute, team=world.support)
    with pytest.raises(Refused) as refusal:
        start_ticket(new, by=world.ana, outgoing=Outgoing(html="<p>Hola</p>"))
    assert refusal.value.field == "to"
    assert Ticket.objects.count() == 0
