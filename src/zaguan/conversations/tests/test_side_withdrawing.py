"""What was written to somebody outside can be taken back for ten seconds, as an answer can (A9, R13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from zaguan.conversations.attachments import store
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.models import SIDE, Delivery, Draft, Message, SideThread
from zaguan.conversations.replying import UNDO_SECONDS
from zaguan.conversations.sharing_outside import Sharing
from zaguan.conversations.side_threads import close_side_thread, write_beside
from zaguan.conversations.side_withdrawing import withdraw_beside
from zaguan.conversations.tests.sides import SUE, ask, first_of
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.history import feed
from zaguan.tickets.models import Merge, Ticket

pytestmark = pytest.mark.django_db


def test_it_waits_as_long_as_an_answer_does(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    write_beside(side, "<p>Otra</p>", by=world.ana)
    waits = [d.run_at - d.changed_at for d in Delivery.objects.all()]
    assert waits == [timedelta(seconds=UNDO_SECONDS)] * 2


def test_a_question_comes_back_as_it_was_typed(world: World) -> None:
    ticket, question = make_question(world)
    store(b"foto", "foto.png", message=question)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    before = Ticket.objects.get(pk=ticket.pk)
    own = store(b"plano", "plano.pdf", by=world.ana)
    side = ask(world, ticket, attachments=[own], days=7, sharing=Sharing(messages=3, files=True))
    message = first_of(side)
    assert [f.name for f in message.attachments.order_by("pk")] == ["plano.pdf", "foto.png"]
    draft = withdraw_beside(message, by=world.ana)
    assert (draft.kind, draft.html, draft.thread) == ("ask", "<p>¿La conocen?</p>", None)
    assert draft.fields["to"] == [[SUE, "Sue"]]
    assert (draft.fields["subject"], draft.fields["days"]) == ("¿Qué pieza es?", 7)
    assert draft.fields["sharing"] == side.shared
    own.refresh_from_db()
    assert (draft.fields["attachments"], own.message, own.uploaded_by) == ([own.public_id], None, world.ana)
    assert not Delivery.objects.exists()
    assert not SideThread.objects.exists()
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.status, now.message_count, now.excerpt) == (
        before.status,
        before.message_count,
        before.excerpt,
    )
    with override("en"):
        said = [entry.sentence for entry in feed(ticket, viewer=world.ana).entries]
    assert "Ana took a message of a side thread back before it left." in said


def test_writing_on_is_taken_back_and_a_closed_thread_is_closed_again(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    close_side_thread(side, by=world.ana)
    until = timezone.now() + timedelta(days=2)
    SideThread.objects.update(expires_at=until)
    message = write_beside(side, "<p>Otra</p>", by=world.bo)
    assert SideThread.objects.get().closed_at is None
    draft = withdraw_beside(message, by=world.bo)
    assert (draft.agent, draft.kind, draft.html, draft.thread_id) == (
        world.bo,
        "side",
        "<p>Otra</p>",
        side.thread_id,
    )
    side.refresh_from_db()
    assert side.closed_at is not None
    assert side.expires_at == until
    assert [d.message for d in Delivery.objects.all()] == [first_of(side)]


def test_the_first_of_two_comes_back_into_the_thread(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    write_beside(side, "<p>Otra</p>", by=world.ana)
    assert withdraw_beside(first_of(side), by=world.ana).kind == "side"
    assert SideThread.objects.get() == side


def test_too_late_and_not_twice(world: World) -> None:
    ticket, _question = make_question(world)
    first, second = ask(world, ticket), ask(world, ticket)
    Delivery.objects.filter(message__thread=first.thread_id).update(state="sending")
    with pytest.raises(Refused):
        withdraw_beside(first_of(first), by=world.ana)
    withdraw_beside(first_of(second), by=world.ana)
    with pytest.raises(Refused):
        withdraw_beside(Message.objects.latest("id"), by=world.ana)


def test_neither_way_back_takes_what_belongs_to_the_other(world: World) -> None:
    ticket, _question = make_question(world)
    message = first_of(ask(world, ticket))
    with pytest.raises(Refused):
        withdraw(message, by=world.ana)
    with pytest.raises(Refused):
        withdraw_beside(_question, by=world.ana)


def test_sending_ends_its_own_draft_and_no_other(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    for kind, thread in ((Draft.Kind.ASK, None), (Draft.Kind.SIDE, side.thread), (Draft.Kind.REPLY, None)):
        save_draft(world.ana, ticket, kind, "<p>x</p>", thread=thread)
    save_draft(world.bo, ticket, Draft.Kind.SIDE, "<p>y</p>", thread=side.thread)
    write_beside(side, "<p>x</p>", by=world.ana)
    assert draft_of(world.ana, ticket, "side", side.thread) is None
    ask(world, ticket)
    assert {(d.agent, d.kind) for d in Draft.objects.all()} == {(world.ana, "reply"), (world.bo, "side")}


def test_what_a_colleague_had_begun_in_a_thread_taken_back_stays_theirs(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    save_draft(world.bo, ticket, Draft.Kind.SIDE, "<p>Y yo</p>", thread=side.thread)
    withdraw_beside(first_of(side), by=world.ana)
    kept = draft_of(world.bo, ticket, "ask")
    assert kept is not None
    assert kept.html == "<p>Y yo</p>"


def test_drafts_of_side_threads_go_along_when_merged_and_come_back(world: World) -> None:
    first, _question = make_question(world)
    second = make_ticket(world)
    sides = [ask(world, first), ask(world, first)]
    for side in sides:
        save_draft(world.ana, first, Draft.Kind.SIDE, f"<p>{side.pk}</p>", thread=side.thread)
    merge(second, [first], by=world.ana)
    assert Draft.objects.filter(ticket=second, thread__channel=SIDE).count() == 2
    undo_merge(Merge.objects.get(), by=world.ana)
    assert Draft.objects.filter(ticket=first, kind="side").count() == 2


def test_a_repeated_click_after_taking_back_sends_nothing(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket, idempotency_key="k1")
    withdraw_beside(first_of(side), by=world.ana)
    with pytest.raises(Refused):
        ask(world, ticket, idempotency_key="k1")
    assert EventRecord.objects.filter(kind="conversations.MessageWithdrawn").count() == 1
