"""A note of a tracker in its linked conversations: with the note, afterwards, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.conversations.cross_posting import publish_note, tell_on
from zaguan.conversations.models import CrossPosting, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.unpublishing import AT_ONCE, take_back, unpublish_note
from zaguan.events.models import EventRecord, Job
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket

SignIn = Callable[[Agent], Client]


@pytest.fixture
def tracker(world: World) -> Ticket:
    kind = TicketType.objects.create(name="Caída", category="tracker")
    return open_ticket(NewTicket(subject="Sin servicio", team=world.support, type=kind), by=world.ana)


def _affected(world: World, tracker: Ticket, count: int) -> list[Ticket]:
    found = [make_ticket(world) for _each in range(count)]
    for ticket in found:
        link(tracker, ticket, Link.Kind.TRACKED, by=world.ana)
    return found


def _tell_all() -> None:
    for posting in CrossPosting.objects.all():
        tell_on(posting.pk)


def _copies() -> int:
    return Message.objects.filter(idempotency_key__startswith="published:", withdrawn_at=None).count()


def test_with_the_note(world: World, signed_in: SignIn, tracker: Ticket) -> None:
    client, address = signed_in(world.ana), f"/desk/tickets/{tracker.pk}/"
    assert 'name="publish"' not in client.get(address).content.decode()
    _affected(world, tracker, 2)
    page = client.get(address).content.decode()
    assert 'name="publish"' in page
    assert 'data-message-act="publish"' in page
    headers = {"HX-Request": "true"}
    said = client.post(
        f"{address}note/", {"note_html": "<p>Ya va</p>", "publish": "1"}, headers=headers
    ).json()
    _tell_all()
    assert _copies() == 2
    assert client.post(said["undo"], headers=headers).status_code == 204
    assert _copies() == 0
    assert EventRecord.objects.filter(kind="conversations.NoteUnpublished", ticket_id=tracker.pk).exists()
    assert Message.objects.get(pk=said["message"]).withdrawn_at is None


def test_a_note_alone_stays_here(world: World, signed_in: SignIn, tracker: Ticket) -> None:
    _affected(world, tracker, 1)
    signed_in(world.ana).post(f"/desk/tickets/{tracker.pk}/note/", {"note_html": "<p>Solo aquí</p>"})
    assert not CrossPosting.objects.exists()


def test_nothing_is_noted_where_nothing_is_linked(world: World, signed_in: SignIn, tracker: Ticket) -> None:
    form = {"note_html": "<p>Ya va</p>", "publish": "1"}
    answer = signed_in(world.ana).post(
        f"/desk/tickets/{tracker.pk}/note/", form, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert not tracker.messages.exists()


def test_afterwards_with_the_number_before(world: World, signed_in: SignIn, tracker: Ticket) -> None:
    _affected(world, tracker, 3)
    note = add_note(tracker, "<p>El repuesto llegó</p>", by=world.ana)
    client, address = signed_in(world.ana), f"/desk/messages/{note.pk}/publish/"
    asked = client.get(address).content.decode()
    assert "3" in asked
    assert "El repuesto llegó" in asked
    assert not CrossPosting.objects.exists()
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 204
    _tell_all()
    assert _copies() == 3


def test_only_who_published_takes_it_back(world: World, tracker: Ticket) -> None:
    _affected(world, tracker, 1)
    note = add_note(tracker, "<p>x</p>", by=world.ana)
    with pytest.raises(Refused):
        unpublish_note(note, by=world.ana)
    publish_note(note, by=world.ana)
    with pytest.raises(Refused):
        unpublish_note(note, by=world.bo)
    unpublish_note(note, by=world.ana)
    publish_note(note, by=world.ana)
    assert _copies() == 1


def test_many_are_taken_back_by_the_worker(world: World, tracker: Ticket) -> None:
    tickets = _affected(world, tracker, AT_ONCE + 1)
    note = add_note(tracker, "<p>x</p>", by=world.ana)
    posting = publish_note(note, by=world.ana)
    tell_on(posting.pk)
    unpublish_note(note, by=world.ana)
    assert _copies() == len(tickets)
    job = Job.objects.get(task="conversations.unpublish")
    take_back(**job.arguments)
    take_back(**job.arguments)
    assert _copies() == 0
    assert {Ticket.objects.get(pk=t.pk).note_count for t in tickets} == {0}
    tell_on(posting.pk)
    assert _copies() == 0, "what was on its way stops"


def test_by_the_api(world: World, tracker: Ticket) -> None:
    _affected(world, tracker, 1)
    token = create_token(world.ana, "test", by=world.ana)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    body = json.dumps({"kind": "note", "text": "Ya va", "publish": True})
    made = client.post(f"/api/v1/tickets/{tracker.pk}/messages", body, "application/json")
    assert made.status_code == 201
    assert _copies() == 1
    address = f"/api/v1/messages/{made.json()['id']}/publish"
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 422
    assert _copies() == 0
