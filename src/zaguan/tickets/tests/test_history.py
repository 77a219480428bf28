"""The past of a ticket: changes, feed and assignments."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from zaguan.conversations.events import DeliveryChanged, MessageReceived
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.people import reference
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.editing import edit, retag, set_copies, tag_named
from zaguan.tickets.history import assignments, changed_fields, changes, feed
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(world: World) -> Ticket:
    """Opened by Dan, taken by Ana, classified, tagged, put in process, moved to Sales by Bo."""
    made = make_ticket(world)
    assign(made, world.ana, by=world.ana)
    edit(made, by=world.ana, subject="Otra", is_important=True)
    retag(made, by=world.ana, add=[tag_named("vip")])
    set_copies(made, [("x@y.example", "")], by=world.ana)
    set_status(made, default_status(Phase.OPEN), by=world.ana, reason="")
    set_team(made, world.sales, by=world.bo)
    made.refresh_from_db()
    return made


def test_changes_say_field_old_new_and_who(world: World, ticket: Ticket) -> None:
    with translation.override("en"):
        found = [(c.field, c.old, c.new, c.who) for c in changes(ticket).entries]
    assert found == [
        ("assignee", "Ana", "", "Bo"),
        ("team", "Support", "Sales", "Bo"),
        ("status", "New", "In process", "Ana"),
        ("copies", "", "x@y.example", "Ana"),
        ("tags", "", "vip", "Ana"),
        ("subject", "La impresora no imprime", "Otra", "Ana"),
        ("is_important", "No", "Yes", "Ana"),
        ("assignee", "", "Ana", "Ana"),
    ]


def test_changes_of_one_field_or_one_agent(world: World, ticket: Ticket) -> None:
    assert [c.new for c in changes(ticket, field="assignee").entries] == ["", "Ana"]
    assert [c.new for c in changes(ticket, field="subject").entries] == ["Otra"]
    assert {c.who for c in changes(ticket, by=world.bo).entries} == {"Bo"}
    assert {"status", "subject", "tags"} <= changed_fields().keys()


def test_feed_reads_as_sentences_and_hides_what_says_nothing(world: World, ticket: Ticket) -> None:
    record(MessageReceived(ticket_id=ticket.pk, message_id=1, channel="email"), by=world.dan)
    sent = DeliveryChanged(
        ticket_id=ticket.pk, message_id=1, delivery_id=1, address="a@b.example", state="sent"
    )
    record(sent, by=SYSTEM)
    entries = feed(ticket).entries
    assert len(entries) == 9
    assert entries[0].who == "Dan Díaz"
    assert "Dan Díaz" in entries[0].sentence
    assert all(entry.sentence for entry in entries)


def test_assignments_say_with_whom_it_was_then(world: World, ticket: Ticket) -> None:
    found = [(a.kind.split(".")[1], a.assignee, a.team) for a in assignments(ticket).entries]
    assert found == [
        ("TicketAssigned", "", "Sales"),
        ("TeamChanged", "Ana", "Sales"),
        ("StatusChanged", "Ana", "Support"),
        ("FieldsChanged", "Ana", "Support"),
        ("TicketAssigned", "Ana", "Support"),
        ("TicketOpened", "", "Support"),
    ]


def test_pages_join_without_a_gap(ticket: Ticket) -> None:
    for read in (changes, feed, assignments):
        whole = [(e.id, e.sentence) for e in read(ticket).entries]
        seen: list[Any] = []
        before = None
        while True:
            part = read(ticket, before=before, size=2)
            seen += [(e.id, e.sentence) for e in part.entries]
            before = part.older
            if before is None:
                break
        assert seen == whole
    later = assignments(ticket, before=assignments(ticket, size=2).older)
    assert (later.entries[0].assignee, later.entries[0].team) == ("Ana", "Support")


def test_two_queries_however_long_it_is(ticket: Ticket, django_assert_max_num_queries: Any) -> None:
    reference.forget_all()
    feed(ticket)
    with django_assert_max_num_queries(2):
        feed(ticket)
    with django_assert_max_num_queries(2):
        changes(ticket)
