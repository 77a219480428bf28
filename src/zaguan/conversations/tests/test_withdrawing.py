"""Taking a message back before it leaves."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations.attachments import store
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.withdrawing import withdraw
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def test_what_was_begun_meanwhile_stays_beside_what_is_taken_back(world: World) -> None:
    ticket, _question = make_question(world)
    first = reply(ticket, Outgoing(html="<p>Uy</p>"), by=world.ana)
    save_draft(world.ana, ticket, "reply", "<p>Otra cosa</p>")
    assert withdraw(first, by=world.ana).html == "<p>Uy</p><p>Otra cosa</p>"
    second = reply(ticket, Outgoing(html="<p>Uy</p>"), by=world.ana)
    # Saved late by the page, as it was sent.
    save_draft(world.ana, ticket, "reply", "<p>Uy</p>")
    assert withdraw(second, by=world.ana).html == "<p>Uy</p>"


def test_taking_back_restores_words_files_and_status(world: World) -> None:
    ticket, question = make_question(world)
    before = fresh(ticket)
    file = store(b"hola", "a.txt", by=world.ana)
    outgoing = Outgoing(
        html="<p>Uy</p>",
        cc=[(EVA, "Eva")],
        attachments=[file],
        status=default_status(Phase.CLOSED),
        idempotency_key="u1",
    )
    message = reply(ticket, outgoing, by=world.ana)
    assert draft_of(world.ana, ticket, "reply") is None
    draft = withdraw(message, by=world.ana)
    assert draft.html == "<p>Uy</p>"
    assert draft.fields["cc"] == [[EVA, "Eva"]]
    assert draft.fields["attachments"] == [file.public_id]
    assert draft.fields["answers"] == question.pk
    now = fresh(ticket)
    assert (now.status, now.closed_at, now.first_answered_at) == (before.status, None, None)
    assert now.waiting_since == before.waiting_since
    assert (now.excerpt, now.message_count) == ("No imprime.", 0)
    assert Delivery.objects.count() == 0
    assert not Message.objects.visible_to(world.ana).filter(direction="out").exists()
    file.refresh_from_db()
    assert file.message is None
    # A late repetition of the first click must not send what was taken back.
    with pytest.raises(Refused):
        reply(ticket, outgoing, by=world.ana)
    assert reply(ticket, Outgoing(html="<p>Bien</p>", attachments=[file]), by=world.ana).has_files


def test_taking_back_leaves_a_status_that_somebody_changed_since(world: World) -> None:
    ticket, _question = make_question(world)
    message = reply(
        ticket, Outgoing(html="<p>Uy</p>", status=default_status(Phase.WAITING_CUSTOMER)), by=world.ana
    )
    resolved = default_status(Phase.RESOLVED)
    set_status(ticket, resolved, by=world.bo)
    withdraw(message, by=world.ana)
    assert fresh(ticket).status == resolved


@pytest.mark.parametrize("change", [{"state": "sending"}, {"state": "sent"}, {"tries": 1}])
def test_too_late_is_said(world: World, change: dict[str, Any]) -> None:
    ticket, _question = make_question(world)
    message = reply(ticket, Outgoing(html="<p>Uy</p>"), by=world.ana)
    Delivery.objects.update(**change)
    with pytest.raises(Refused):
        withdraw(message, by=world.ana)
