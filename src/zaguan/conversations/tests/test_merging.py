"""Tickets that become one: nothing is lost, old numbers and addresses lead on, and it can all be taken back (A3.3, R12)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.merge_readers import readers
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.models import Draft, KnownId, Message, Thread
from zaguan.conversations.moving import recount
from zaguan.conversations.noting import add_note
from zaguan.conversations.reading import find_ticket, messages_of
from zaguan.conversations.receiving import receive
from zaguan.conversations.signing import message_id_for, reply_address
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.conversations.threading import digest_of
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.search.finding import find
from zaguan.search.indexing import index_message
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import retag, set_copies, tag_named
from zaguan.tickets.linking import link
from zaguan.tickets.listing import page
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import HIDDEN_RANK, Link, Merge, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


def _two(world: World) -> tuple[Ticket, Ticket]:
    """Dan wrote twice, and an agent answered in between; said in turn."""
    first, second = make_ticket(world), make_ticket(world, subject="Sigue sin imprimir")
    make_message(first, world, "uno")
    make_message(second, world, "dos", sender_address="dan@customer.example")
    an_answer(first.threads.get(), world.ana, text="tres")
    last = make_message(second, world, "cuatro", sender_address="dan@customer.example")
    index_message(last.pk)
    for ticket in (first, second):
        recount(ticket)
    return first, second


def _columns(ticket: Ticket) -> dict[str, Any]:
    left_out = {"version", "updated_at"}
    fresh = Ticket.objects.get(pk=ticket.pk)
    return {
        f.attname: getattr(fresh, f.attname) for f in Ticket._meta.concrete_fields if f.name not in left_out
    }


def test_messages_stand_in_the_order_in_which_they_were_said(world: World) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    shown, _more = messages_of(first)
    assert [message.text for message in shown] == ["uno", "dos", "tres", "cuatro"]
    first.refresh_from_db()
    assert (first.message_count, first.excerpt) == (4, "cuatro")


def test_the_old_number_leads_to_the_survivor_everywhere(world: World) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    found = find_ticket(world.ana, second.pk)
    assert found is not None
    assert found[0].pk == first.pk
    assert survivor_number(second.pk) == first.pk
    assert [row.number for row in page(world.bo, view="all").rows] == [first.pk]
    assert [hit.row.number for hit in find(world.bo, "Sigue").tickets] == [first.pk]
    assert [hit.row.number for hit in find(world.bo, "cuatro").tickets] == [first.pk]
    assert [hit.row.number for hit in find(world.bo, str(second.pk)).tickets] == [first.pk]


@pytest.mark.parametrize("how", ["address", "message id", "number", "known id"])
def test_a_late_mail_for_the_merged_ticket_lands_in_the_survivor(world: World, how: str) -> None:
    first, second = _two(world)
    thread = second.threads.get()
    sent = an_answer(thread, world.ana, text="le respondo")
    KnownId.objects.create(digest=digest_of("q7@customer.example"), thread=thread)
    merge(first, [second], by=world.ana)
    ways: dict[str, dict[str, Any]] = {
        "address": {"to": reply_address(thread, world.inbox)},
        "message id": {"in_reply_to": message_id_for(sent)},
        "number": {"subject": f"Re: [#{second.pk}] Sigue"},
        "known id": {"references": "q7@customer.example"},
    }
    outcome = receive(a_mail(text="tarde", **ways[how]), world.inbox)
    assert outcome.ticket is not None
    assert outcome.ticket.pk == first.pk
    assert Ticket.objects.count() == 2


def test_tags_copies_links_and_drafts_join_and_part(world: World) -> None:
    first, second = _two(world)
    third = make_ticket(world)
    retag(first, by=world.ana, add=[tag_named("a")])
    retag(second, by=world.ana, add=[tag_named("a"), tag_named("b")])
    set_copies(first, [("x@example.org", "X")], by=world.ana)
    set_copies(second, [("x@example.org", "X"), ("y@example.org", "Y")], by=world.ana)
    link(second, third, Link.Kind.RELATED, by=world.ana)
    save_draft(world.ana, second, Draft.Kind.REPLY, "<p>lo de Ana</p>")
    save_draft(world.bo, first, Draft.Kind.NOTE, "<p>primero</p>")
    save_draft(world.bo, second, Draft.Kind.NOTE, "<p>segundo</p>")
    before = (_columns(first), _columns(second))
    merge(first, [second], by=world.ana)
    assert set(first.tags.values_list("name", flat=True)) == {"a", "b"}
    assert set(first.copies.values_list("email", flat=True)) == {"x@example.org", "y@example.org"}
    assert Link.objects.filter(source=first, target=third).exists()
    anas, bos = (draft_of(who, first, kind) for who, kind in ((world.ana, "reply"), (world.bo, "note")))
    assert anas
    assert anas.html == "<p>lo de Ana</p>"
    assert bos
    assert bos.html == "<p>primero</p><p>segundo</p>"

    undo_merge(Merge.objects.get(), by=world.ana)
    assert (_columns(first), _columns(second)) == before
    assert set(first.tags.values_list("name", flat=True)) == {"a"}
    assert set(second.tags.values_list("name", flat=True)) == {"a", "b"}
    assert set(first.copies.values_list("email", flat=True)) == {"x@example.org"}
    assert not Link.objects.filter(source=first).exists()
    back = draft_of(world.ana, second, "reply")
    assert back
    assert back.html == "<p>lo de Ana</p>"
    assert Message.objects.filter(ticket=second).count() == 2
    assert Thread.objects.filter(ticket=second).count() == 1
    assert [hit.row.number for hit in find(world.bo, "cuatro").tickets] == [second.pk]


def test_what_was_written_since_stays_where_it_was_written(world: World) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    add_note(first, "<p>después</p>", by=world.ana)
    undo_merge(Merge.objects.get(), by=world.bo)
    assert Message.objects.get(text="después").ticket_id == first.pk
    first.refresh_from_db()
    assert (first.message_count, first.note_count) == (2, 1)


def test_different_customers_must_be_confirmed_and_can_be_put_in_copy(world: World) -> None:
    first = make_ticket(world)
    second = make_ticket(world, requester=world.eve)
    with pytest.raises(Refused) as refused:
        merge(first, [second], by=world.ana)
    assert refused.value.field == "different_people"
    assert [(r.address, r.is_requester, r.in_copy) for r in readers(first, [second])] == [
        ("dan@customer.example", True, False),
        ("eve@stranger.example", False, False),
    ]
    merge(first, [second], by=world.ana, different_people=True, copy_requesters=True)
    assert list(first.copies.values_list("email", flat=True)) == ["eve@stranger.example"]
    # Parted again, she gets no more answers to somebody else's ticket.
    undo_merge(Merge.objects.get(), by=world.ana)
    assert not first.copies.exists()


def test_a_customers_ticket_never_goes_into_an_internal_one(world: World) -> None:
    internal, public = make_ticket(world, requester=None, is_internal=True), make_ticket(world)
    with pytest.raises(Refused):
        merge(internal, [public], by=world.ana)
    add_note(internal, "<p>solo nosotros</p>", by=world.ana)
    merge(public, [internal], by=world.ana)
    assert Message.objects.get(text="solo nosotros").visibility == "internal"


def test_a_closed_survivor_opens_again_when_somebody_waits(world: World) -> None:
    first, second = _two(world)
    set_status(first, default_status(Phase.CLOSED), by=world.ana)
    before = _columns(first)
    merge(first, [second], by=world.ana)
    first.refresh_from_db()
    assert first.phase == Phase.OPEN
    undo_merge(Merge.objects.get(), by=world.ana)
    second.refresh_from_db()
    assert (second.phase, second.rank < HIDDEN_RANK) == (Phase.NEW, True)
    assert _columns(first) == before


def test_a_survivor_that_was_worked_on_since_stays_open_when_the_merge_is_taken_back(world: World) -> None:
    first, second = _two(world)
    set_status(first, default_status(Phase.CLOSED), by=world.ana)
    merge(first, [second], by=world.ana)
    add_note(first, "<p>lo miro</p>", by=world.ana)
    undo_merge(Merge.objects.get(), by=world.ana)
    first.refresh_from_db()
    assert first.phase == Phase.OPEN


def test_two_closed_ones_stay_closed(world: World) -> None:
    first, second = _two(world)
    for ticket in (first, second):
        set_status(ticket, default_status(Phase.CLOSED), by=world.ana)
    merge(first, [second], by=world.ana)
    first.refresh_from_db()
    assert first.phase == Phase.CLOSED


def test_a_chain_of_merges_comes_apart_from_its_end(world: World) -> None:
    first, second = _two(world)
    third = make_ticket(world)
    merge(second, [first], by=world.ana)
    merge(third, [second], by=world.ana)
    assert survivor_number(first.pk) == third.pk
    inner, outer = Merge.objects.order_by("id")
    with pytest.raises(Refused):
        undo_merge(inner, by=world.ana)
    undo_merge(outer, by=world.ana)
    undo_merge(inner, by=world.ana)
    assert sorted(Message.objects.filter(ticket=first).values_list("text", flat=True)) == ["tres", "uno"]


def test_after_thirty_days_it_stays(world: World) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    Merge.objects.update(at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused):
        undo_merge(Merge.objects.get(), by=world.ana)


def test_the_history_of_both_tells_it(world: World) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    assert EventRecord.objects.filter(ticket_id=first.pk, kind="tickets.TicketsMerged").exists()
    assert EventRecord.objects.filter(ticket_id=second.pk, kind="tickets.TicketMergedAway").exists()


def test_two_hundred_messages_merge_in_a_moment(world: World) -> None:
    first, second = make_ticket(world), make_ticket(world)
    thread = Thread.objects.create(ticket=second, inbox=world.inbox, channel="email")
    Message.objects.bulk_create(
        Message(
            ticket=second, thread=thread, direction="in", visibility="private", channel="email",
            text=f"mensaje {n}", reply_text=f"mensaje {n}", created_at=timezone.now(), contact=world.dan,
        )
        for n in range(200)
    )  # fmt: skip
    started = time.perf_counter()
    merge(first, [second], by=world.ana)
    assert time.perf_counter() - started < 1
    first.refresh_from_db()
    assert first.message_count == 200
