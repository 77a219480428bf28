"""Split, clone, delete, erase: what moves along, and what nobody sees any more (A3.2, A3.4, R12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase
from django.utils import timezone

from zaguan.conversations.attachments import store
from zaguan.conversations.cloning import clone
from zaguan.conversations.hanging import hang_file, hang_library_item
from zaguan.conversations.library import save_item
from zaguan.conversations.merging import merge
from zaguan.conversations.models import Attachment, Delivery, KnownId, Message, RawMessage
from zaguan.conversations.purging import purge, purge_overdue
from zaguan.conversations.raw import store_raw
from zaguan.conversations.reading import find_ticket
from zaguan.conversations.receiving import receive
from zaguan.conversations.signing import message_id_for, reply_address
from zaguan.conversations.splitting import split
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.conversations.threading import digest_of
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.realtime.hints import hints_of
from zaguan.realtime.viewers import load_viewers
from zaguan.search.finding import find
from zaguan.search.models import Document
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.counting import counts
from zaguan.tickets.editing import edit
from zaguan.tickets.listing import page
from zaguan.tickets.models import Link, Ticket, Trashed
from zaguan.tickets.rows import rows_of
from zaguan.tickets.seeing import visible_among
from zaguan.tickets.trash import restore, trash

pytestmark = pytest.mark.django_db


def _talk(world: World) -> tuple[Ticket, list[Message]]:
    ticket = make_ticket(world)
    first = make_message(ticket, world, "La impresora")
    second = make_message(ticket, world, "Y además el correo", external_id="q2@customer.example")
    KnownId.objects.create(
        digest=digest_of("q2@customer.example"), thread=ticket.threads.get(), message=second
    )
    third = an_answer(ticket.threads.get(), world.ana, text="Lo miro")
    return ticket, [first, second, third]


def test_a_message_and_all_later_ones_go_to_a_ticket_of_their_own(world: World) -> None:
    ticket, (_first, second, third) = _talk(world)
    store(b"abc", "a.txt", "text/plain", message=second)
    Delivery.objects.create(
        message=third,
        address="dan@customer.example",
        state="sent",
        run_at=timezone.now(),
        changed_at=timezone.now(),
    )
    new = split(second, by=world.ana, subject="El correo", with_later=True)
    assert [m.text for m in new.messages.order_by("id")] == ["Y además el correo", "Lo miro"]
    assert new.subject == "El correo"
    assert Attachment.objects.get(message__ticket=new).name == "a.txt"
    assert Delivery.objects.get().message.ticket_id == new.pk
    assert Link.objects.filter(source=ticket, target=new, kind=Link.Kind.SPLIT).exists()
    ticket.refresh_from_db()
    new.refresh_from_db()
    assert (ticket.message_count, new.message_count) == (1, 2)


@pytest.mark.parametrize(("answers", "goes_to"), [("sent", "new"), ("known", "new"), ("address", "old")])
def test_an_answer_arrives_where_what_it_answers_is_now(world: World, answers: str, goes_to: str) -> None:
    ticket, (_first, second, third) = _talk(world)
    thread = ticket.threads.get()
    new = split(second, by=world.ana, with_later=True)
    ways: dict[str, dict[str, Any]] = {
        "sent": {"in_reply_to": third.external_id, "to": reply_address(thread, world.inbox)},
        "known": {"in_reply_to": "q2@customer.example"},
        "address": {"to": reply_address(thread, world.inbox)},
    }
    outcome = receive(a_mail(**ways[answers]), world.inbox)
    assert outcome.ticket is not None
    assert outcome.ticket.pk == (new.pk if goes_to == "new" else ticket.pk)
    assert message_id_for(Message.objects.get(pk=third.pk)) != third.external_id


def test_something_must_stay_behind(world: World) -> None:
    _ticket, (first, _second, _third) = _talk(world)
    with pytest.raises(Refused):
        split(first, by=world.ana, with_later=True)


def test_merging_takes_a_split_back(world: World) -> None:
    ticket, (_first, second, _third) = _talk(world)
    new = split(second, by=world.ana)
    merge(ticket, [new], by=world.ana)
    texts = ticket.messages.order_by("id").values_list("text", flat=True)
    assert list(texts) == ["La impresora", "Y además el correo", "Lo miro"]


def test_a_clone_has_the_fields_and_by_choice_the_conversation(world: World) -> None:
    ticket, messages = _talk(world)
    edit(ticket, by=world.ana, is_important=True)
    store(b"abc", "a.txt", "text/plain", message=messages[0])
    Message.objects.filter(pk=messages[0].pk).update(has_files=True)
    ticket.refresh_from_db()
    bare = clone(ticket, by=world.ana)
    assert (bare.is_important, bare.requester, bare.messages.count()) == (True, world.dan, 0)
    full = clone(ticket, by=world.ana, with_conversation=True)
    assert [m.text for m in full.messages.order_by("id")] == ["La impresora", "Y además el correo", "Lo miro"]
    assert Attachment.objects.filter(message__ticket=full).count() == 1
    assert not Delivery.objects.filter(message__ticket=full).exists()
    assert Link.objects.filter(source=ticket, target=full, kind=Link.Kind.CLONE).exists()
    assert [hit.row.number for hit in find(world.bo, "además").tickets] == [full.pk]


def _places(world: World, ticket: Ticket) -> list[str]:
    """Where a ticket can be seen from."""
    found = []
    for viewer in (world.ana, world.bo):
        for view in ("all", "open", "unassigned", f"team:{world.support.pk}", f"contact:{world.dan.pk}"):
            for order in ("active", "created", "waiting", "recent"):
                rows = page(viewer, view=view, order=order).rows
                found += [f"{view} by {order}"] if ticket.pk in [r.number for r in rows] else []
        for query in ("is:open", "is:new", "is:done", "is:resolved OR is:closed", "status:nuevo", "-tag:x"):
            rows = page(viewer, view="all", query=query).rows
            found += [query] if ticket.pk in [r.number for r in rows] else []
        found += ["counts"] if any(counts(viewer).values()) else []
        found += (
            ["search"] if find(viewer, "impresora").tickets or find(viewer, str(ticket.pk)).number else []
        )
        found += ["page"] if find_ticket(viewer, ticket.pk) else []
        found += ["rows"] if rows_of(viewer, [ticket.pk]) else []
        found += ["gate"] if Ticket.objects.visible_to(viewer).exists() or ticket.is_known_to(viewer) else []
        found += ["messages"] if Message.objects.visible_to(viewer).exists() else []
        found += ["files"] if Attachment.objects.visible_to(viewer).exists() else []
        found += ["deliveries"] if Delivery.objects.visible_to(viewer).exists() else []
    found += ["judged"] if visible_among(world.ana, [ticket.pk]) else []
    return found


def test_what_is_in_the_trash_is_seen_from_nowhere_and_comes_back(world: World) -> None:
    ticket, messages = _talk(world)
    store(b"abc", "a.txt", "text/plain", message=messages[0])
    Delivery.objects.create(
        message=messages[2], address="x@y.example", run_at=timezone.now(), changed_at=timezone.now()
    )
    ticket.refresh_from_db()
    before = (ticket.rank, ticket.waiting_since)
    assert len(_places(world, ticket)) > 30
    trash(ticket, by=world.bo, reason="spam")
    ticket.refresh_from_db()
    assert _places(world, ticket) == []
    assert not Document.objects.filter(ticket_id=ticket.pk).exists()
    restore(ticket, by=world.bo)
    ticket.refresh_from_db()
    assert (ticket.rank, ticket.waiting_since) == before
    assert len(_places(world, ticket)) > 30


def test_who_was_looking_hears_that_it_is_gone(world: World) -> None:
    ticket = make_ticket(world)
    trash(ticket, by=world.bo)
    row = EventRecord.objects.get(kind="tickets.TicketTrashed")
    viewer = load_viewers([world.ana.pk])[world.ana.pk]
    said = [hint.text(viewer) for hint in hints_of([row])]  # type: ignore[list-item]
    assert any('"gone"' in text for text in said)
    assert not any('"changed":"ticket' in text for text in said)


def test_a_mail_that_answers_a_deleted_ticket_opens_a_new_one(world: World) -> None:
    ticket, _messages = _talk(world)
    address = reply_address(ticket.threads.get(), world.inbox)
    trash(ticket, by=world.bo)
    outcome = receive(a_mail(text="¿Y lo mío?", to=address), world.inbox)
    assert outcome.ticket is not None
    assert outcome.ticket.pk != ticket.pk
    assert not Link.objects.filter(source=ticket).exists()
    assert not Link.objects.filter(target=ticket).exists()


def test_erasing_leaves_one_line(world: World) -> None:
    raw, _new = store_raw(
        b"From: dan@customer.example\r\nSubject: x\r\n\r\ny", inbox=world.inbox, source="smtp"
    )
    outcome = receive(a_mail(text="Borrar esto"), world.inbox, raw=raw)
    ticket = outcome.ticket
    assert ticket is not None
    file = store(b"secreto", "s.txt", "text/plain", message=outcome.message)
    assert default_storage.exists(file.stored_as)
    with pytest.raises(Refused):
        purge(ticket, by=world.bo)
    trash(ticket, by=world.bo)
    with TestCase.captureOnCommitCallbacks(execute=True):
        purge(ticket, by=world.bo)
    assert not default_storage.exists(file.stored_as)
    for rows in (Ticket, Message, RawMessage, Attachment, KnownId, Trashed, Document):
        assert not rows.objects.exists(), rows
    left = EventRecord.objects.filter(ticket_id=ticket.pk)
    assert [(row.kind, row.data) for row in left] == [("tickets.TicketPurged", {})]


def test_files_that_agents_hung_on_it_are_erased_and_the_library_stays(world: World) -> None:
    ticket = make_ticket(world)
    hung, shared = (store(b"secreto", f"{n}.txt", "text/plain", by=world.ana) for n in range(2))
    hang_file(ticket, hung, by=world.ana)
    hang_library_item(ticket, save_item(None, by=world.bo, name="Manual", attachment=shared), by=world.ana)
    trash(ticket, by=world.bo)
    with TestCase.captureOnCommitCallbacks(execute=True):
        purge(ticket, by=world.bo)
    assert not default_storage.exists(hung.stored_as)
    assert list(Attachment.objects.all()) == [shared]
    assert default_storage.exists(shared.stored_as)


def test_a_merged_ticket_is_erased_with_its_survivor(world: World) -> None:
    ticket, _messages = _talk(world)
    other = make_ticket(world)
    merge(ticket, [other], by=world.ana)
    trash(ticket, by=world.bo)
    purge(ticket, by=world.bo)
    assert not Ticket.objects.exists()


def test_the_clock_erases_after_the_time_that_the_desk_chose(world: World) -> None:
    young, old = make_ticket(world), make_ticket(world)
    for ticket in (young, old):
        trash(ticket, by=world.bo)
    Trashed.objects.filter(ticket=old).update(at=timezone.now() - timedelta(days=31))
    assert purge_overdue() == 1
    assert list(Ticket.objects.values_list("pk", flat=True)) == [young.pk]
