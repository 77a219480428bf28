"""People outside are asked by mail; what they answer stays beside the customer's conversation (A9)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.channels.base import DeliveryError
from zaguan.conversations.attachments import store
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.models import SIDE, Delivery, Message, SideThread, Thread
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.sharing_outside import Sharing, what_leaves
from zaguan.conversations.side_threads import close_side_thread, reopen_side_thread, write_beside
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.sides import DAN, SECRET, SUE, answer, ask, first_of, mail_of
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_message, make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import set_copies
from zaguan.tickets.history import feed
from zaguan.tickets.models import Merge, Ticket

pytestmark = pytest.mark.django_db


def test_a_question_leaves_once_with_an_address_of_its_own(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket, idempotency_key="k1")
    assert ask(world, ticket, idempotency_key="k1") == side
    (delivery,) = Delivery.objects.all()
    assert (delivery.address, delivery.state, delivery.inbox) == (SUE, "queued", world.inbox)
    mail = mail_of(delivery.message)
    thread = ticket.threads.get(channel=SIDE)
    assert "Reply-To: " in mail
    assert reply_address(thread, world.inbox) in mail
    assert "In-Reply-To" not in mail
    assert f"[#{ticket.pk}]" in delivery.message.subject
    assert mail == mail_of(delivery.message)


def test_the_conversation_goes_along_and_notes_do_not(world: World) -> None:
    ticket, question = make_question(world, "No imprime.")
    add_note(ticket, f"<p>{SECRET}</p>", by=world.ana)
    reply(ticket, Outgoing(html="<p>¿Qué modelo es?</p>"), by=world.ana)
    shared = what_leaves(ticket, Sharing())
    for words in ("No imprime.", "¿Qué modelo es?", "Dan Díaz", DAN, f"#{ticket.pk}"):
        assert words in shared.html
        assert words in shared.text
    assert SECRET not in shared.html + shared.text
    only = what_leaves(ticket, Sharing(messages=1, customer=False, ticket=False))
    assert "No imprime." not in only.text
    assert "¿Qué modelo es?" in only.text
    nothing = what_leaves(ticket, Sharing(messages=0, customer=False, ticket=False))
    assert (nothing.html, nothing.text, nothing.files) == ("", "", [])
    for wrong in (-1, 101):
        with pytest.raises(Refused):
            what_leaves(ticket, Sharing(messages=wrong))
    del question


def test_what_a_customer_wrote_as_html_leaves_as_text(world: World) -> None:
    ticket, _question = make_question(world, "<script>x</script> & <b>y</b>")
    shared = what_leaves(ticket, Sharing())
    assert "<script>" not in shared.html
    assert "&lt;b&gt;y&lt;/b&gt;" in shared.html
    assert "<b>y</b>" in shared.text


def test_personal_data_is_taken_out_by_choice(world: World) -> None:
    ticket, question = make_question(world, "Soy Dan Diaz, 600 123 456, dan@customer.example.")
    store(b"x", "Factura de Dan Díaz.pdf", message=question)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    shared = what_leaves(ticket, Sharing(redacted=True, files=True))
    for words in ("Dan", "Diaz", "Díaz", "600 123", "customer.example"):
        assert words not in shared.html + shared.text + "".join(shared.names)
    assert re.search(r"Soy (\[\w+\]), \1, \1\.", shared.text)


def test_files_go_along_by_choice_and_those_of_notes_never(world: World) -> None:
    ticket, question = make_question(world)
    store(b"foto", "foto.png", message=question, content_id="c1", is_inline=True)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    secret = store(b"secreto", "secreto.txt", by=world.ana)
    add_note(ticket, "<p>x</p>", by=world.ana, attachments=[secret])
    assert not first_of(ask(world, ticket)).attachments.exists()
    side = ask(world, ticket, sharing=Sharing(files=True))
    assert [(f.name, f.is_inline) for f in first_of(side).attachments.all()] == [("foto.png", False)]
    with pytest.raises(Refused):
        ask(world, ticket, attachments=[secret])


def test_too_large_is_told_and_nothing_is_begun(world: World) -> None:
    ticket, question = make_question(world)
    world.inbox.settings = {"send_limit_mb": 1}
    world.inbox.save()
    file = store(b"x", "film.mp4", message=question)
    type(file).objects.filter(pk=file.pk).update(size=2_000_000)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    with pytest.raises(Refused) as refused:
        ask(world, ticket, sharing=Sharing(files=True))
    assert refused.value.field == "attachments"
    assert not SideThread.objects.exists()


@pytest.mark.parametrize(
    "address", [DAN, "DAN@Customer.example", "help@zaguan.example", "help+x@zaguan.example", "x"]
)
def test_neither_the_customer_nor_the_desk_is_asked(world: World, address: str) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused) as refused:
        ask(world, ticket, to=[(address, "")])
    assert refused.value.field == "to"


def test_who_is_in_copy_and_nobody_are_refused(world: World) -> None:
    ticket, _question = make_question(world)
    set_copies(ticket, [(SUE, "Sue")], by=world.ana)
    for to in ([(SUE, "")], []):
        with pytest.raises(Refused):
            ask(world, ticket, to=to)


@pytest.mark.parametrize(
    "wrong", [{"subject": " "}, {"html": ""}, {"days": 0}, {"html": "{{requester.name}}"}]
)
def test_a_question_needs_its_parts(world: World, wrong: dict[str, Any]) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused):
        ask(world, ticket, **wrong)


def test_nothing_leaves_from_an_internal_ticket(world: World) -> None:
    ticket = make_ticket(world, is_internal=True, requester=None)
    with pytest.raises(Refused):
        ask(world, ticket)


def test_writing_on_prolongs_and_answers_in_order(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    answer(side, external_id="s1@supplier.example")
    SideThread.objects.update(expires_at=timezone.now() - timedelta(minutes=1), closed_at=timezone.now())
    first = write_beside(side, "<p>¿Y el precio?</p>", by=world.bo, idempotency_key="k")
    assert write_beside(side, "<p>¿Y el precio?</p>", by=world.bo, idempotency_key="k") == first
    side.refresh_from_db()
    assert not side.is_over
    assert side.closed_at is None
    mail = mail_of(first)
    assert "References:" in mail
    assert "s1@supplier.example" in mail
    assert "No imprime" not in mail


def test_closing_and_an_answer_after_all(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    close_side_thread(side, by=world.ana)
    close_side_thread(side, by=world.ana)
    assert SideThread.objects.get().closed_at is not None
    answer(side)
    assert SideThread.objects.get().closed_at is None
    close_side_thread(side, by=world.ana)
    reopen_side_thread(side, by=world.ana)
    kinds = [
        k.removeprefix("conversations.")
        for k in EventRecord.objects.filter(ticket_id=ticket.pk).order_by("id").values_list("kind", flat=True)
    ]
    assert [k for k in kinds if k in ("SideThreadClosed", "SideThreadReopened")] == [
        "SideThreadClosed", "SideThreadReopened", "SideThreadClosed", "SideThreadReopened",
    ]  # fmt: skip


def test_history_says_to_whom_by_whom(world: World) -> None:
    ticket, _question = make_question(world)
    answer(ask(world, ticket))
    said = [entry.sentence for entry in feed(ticket, viewer=world.ana).entries]
    assert any("Ana" in line and SUE in line for line in said)
    assert any(line.startswith(SUE) for line in said)


def test_merging_takes_side_threads_along_and_undoing_brings_them_back(world: World) -> None:
    first, _q = make_question(world)
    second = make_ticket(world)
    make_message(second, world, "dos", sender_address=DAN)
    side = ask(world, second)
    before = Ticket.objects.get(pk=second.pk).message_count
    merge(first, [second], by=world.ana)
    assert list(SideThread.objects.visible_to(world.ana).filter(thread__ticket=first)) == [side]
    outcome = answer(side)
    assert outcome.ticket == first
    assert Ticket.objects.get(pk=first.pk).message_count == 2
    undo_merge(Merge.objects.get(), by=world.ana)
    assert Thread.objects.get(pk=side.thread_id).ticket == second
    assert Ticket.objects.get(pk=second.pk).message_count == before


def test_a_survivor_whose_customer_was_asked_sends_them_nothing_more(world: World) -> None:
    first, _q = make_question(world)
    side = ask(world, first, to=[("eve@stranger.example", "Eve")])
    theirs = make_ticket(world, requester=world.eve)
    merge(theirs, [first], by=world.ana, different_people=True)
    with pytest.raises(Refused):
        write_beside(side, f"<p>{SECRET}</p>", by=world.ana)
    with pytest.raises(DeliveryError):
        mail_of(first_of(side))


def test_only_who_may_know_the_ticket_knows_its_side_threads(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    assert list(SideThread.objects.visible_to(world.ana)) == [side]
    assert not SideThread.objects.visible_to(world.cleo).exists()
