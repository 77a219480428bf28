"""Answers: message, ticket and status together, or none of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from zaguan.conversations.attachments import store
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def test_an_answer_is_queued_and_shown_on_the_ticket(world: World) -> None:
    ticket, question = make_question(world)
    world.ana.signature = "Ana\nSoporte"
    message = reply(ticket, Outgoing(html="<p>Ya vamos.</p>"), by=world.ana)
    assert (message.direction, message.visibility, message.agent) == ("out", "private", world.ana)
    assert message.answers == question
    assert message.to == [[DAN, "Dan Díaz"]]
    assert message.html == "<p>Ya vamos.</p>"
    assert "Soporte" in message.details["signature"]
    assert message.external_id.startswith("zg.")
    delivery = message.deliveries.get()
    assert (delivery.address, delivery.state) == (DAN, "queued")
    assert timedelta(seconds=9) < delivery.run_at - message.created_at < timedelta(seconds=11)
    now = fresh(ticket)
    assert (now.excerpt, now.excerpt_kind, now.message_count) == ("Ya vamos.", "out", 1)
    assert now.first_answered_at == message.created_at
    assert now.waiting_since is None
    # A new ticket that was answered is in process.
    assert now.phase == Phase.OPEN
    assert EventRecord.objects.filter(kind="conversations.MessageSent", ticket_id=ticket.pk).count() == 1


def test_status_goes_with_the_answer_or_neither(world: World) -> None:
    ticket, _question = make_question(world)
    answered = default_status(Phase.WAITING_CUSTOMER)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<script>x</script>", status=answered), by=world.ana)
    assert fresh(ticket).phase == Phase.NEW
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>Hola</p>", status=default_status(Phase.SNOOZED)), by=world.ana)
    assert Message.objects.filter(direction="out").count() == 0
    reply(ticket, Outgoing(html="<p>Hola</p>", status=answered), by=world.ana)
    assert fresh(ticket).status == answered


def test_without_a_status_it_stays(world: World) -> None:
    ticket, _question = make_question(world)
    third = default_status(Phase.WAITING_THIRD)
    set_status(ticket, third, by=world.ana)
    reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert fresh(ticket).status == third


def test_the_first_answer_counts_once(world: World) -> None:
    ticket, _question = make_question(world)
    first = reply(ticket, Outgoing(html="<p>Uno</p>"), by=world.ana)
    reply(ticket, Outgoing(html="<p>Dos</p>"), by=world.ana)
    assert fresh(ticket).first_answered_at == first.created_at
    assert fresh(ticket).message_count == 2


def test_a_forward_or_a_word_with_a_supplier_is_no_answer(world: World) -> None:
    ticket, question = make_question(world)
    reply(ticket, Outgoing(html="", mode="forward", answers=question, to=[(EVA, "")]), by=world.ana)
    reply(ticket, Outgoing(html="<p>¿Puede ver?</p>", to=[(EVA, "")], mode="new"), by=world.ana)
    now = fresh(ticket)
    assert now.first_answered_at is None
    assert now.waiting_since is not None
    assert now.requester == world.dan
    assert now.copies.count() == 0


def test_closed_tickets_take_no_answer(world: World) -> None:
    ticket, _question = make_question(world)
    set_status(ticket, default_status(Phase.CLOSED), by=world.ana)
    with pytest.raises(Refused, match=r"follow-up|cerrado"):
        reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)


def test_internal_tickets_reach_nobody(world: World) -> None:
    ticket, _question = make_question(world)
    Ticket.objects.update(is_internal=True)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>Hola</p>", to=[(DAN, "")]), by=world.ana)
    assert Delivery.objects.count() == 0
    assert add_note(ticket, "<p>Solo aquí</p>", by=world.ana).visibility == "internal"


def test_work_needs_a_team_first(world: World) -> None:
    ticket, _question = make_question(world)
    Ticket.objects.update(team=None)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert refusal.value.field == "team"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"html": "  <p> </p>"}, "html"),
        ({"to": [("nonsense", "")]}, "to"),
        ({"cc": [("a@x.example\r\nBcc: b@x.example", "")]}, "cc"),
        ({"to": []}, "to"),
        ({"to": [("help@zaguan.example", "")]}, "to"),
        ({"cc": [("HELP+x@zaguan.example", "")]}, "cc"),
        ({"to": [(f"p{n}@x.example", "") for n in range(101)]}, "to"),
    ],
)
def test_what_cannot_be_sent_is_said_at_the_field(world: World, values: dict[str, Any], field: str) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(**{"html": "<p>Hola</p>", **values}), by=world.ana)
    assert refusal.value.field == field
    assert Message.objects.filter(direction="out").count() == 0


def test_too_large_is_told_before_sending(world: World, settings: Any) -> None:
    world.inbox.settings = {"send_limit_mb": 1}
    world.inbox.save()
    ticket, _question = make_question(world)
    file = store(b"x" * 900_000, "grande.bin", by=world.ana)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>Va</p>", attachments=[file]), by=world.ana)
    assert refusal.value.field == "attachments"
    file.refresh_from_db()
    assert file.message is None


def test_text_that_cannot_be_cleaned_is_refused_and_the_draft_stays(world: World) -> None:
    ticket, _question = make_question(world)
    html = "<p>x</p>" * 30_000
    save_draft(world.ana, ticket, "reply", html)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html=html), by=world.ana)
    draft = draft_of(world.ana, ticket, "reply")
    assert draft is not None
    assert draft.html == html
