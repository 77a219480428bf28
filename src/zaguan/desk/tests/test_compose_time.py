"""Time that is worked for an answer or a note: written with it, refused with it, taken back with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zaguan.conversations.models import Draft, Message
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.people.models import Agent
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket, TimeEntry

SignIn = Callable[[Agent], Client]
TIME = {
    "time_day": "2026-03-02",
    "time_start": "10:00",
    "time_end": "10:40",
    "time_minutes": "25",
    "time_value": "12,50",
}


@pytest.fixture
def ticket(world: World) -> Ticket:
    return make_question(world, "¿Cuándo llega?")[0]


def _send(client: Client, ticket: Ticket, kind: str = "reply", **more: str) -> int:
    answer = client.post(
        f"/desk/tickets/{ticket.pk}/{kind}/",
        {f"{kind}_html": "<p>Mañana</p>", **more},
        headers={"HX-Request": "true", "Accept": "application/json"},
    )
    return answer.status_code


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_it_is_logged_with_the_message(world: World, signed_in: SignIn, ticket: Ticket, kind: str) -> None:
    assert _send(signed_in(world.ana), ticket, kind, **TIME) == 200
    entry = TimeEntry.objects.get()
    assert entry.message_id == Message.objects.order_by("-pk")[0].pk
    assert (entry.minutes, entry.day, str(entry.value)) == (25, date(2026, 3, 2), "12.50")
    assert EventRecord.objects.filter(kind="tickets.TimeLogged", ticket_id=ticket.pk).count() == 1


@pytest.mark.parametrize("kind", ["reply", "note"])
@pytest.mark.parametrize("wrong", [{"time_minutes": "x"}, {"time_minutes": "5000"}, {"time_start": "25:00"}])
def test_what_cannot_be_counted_is_refused_with_all_of_it(
    world: World, signed_in: SignIn, ticket: Ticket, kind: str, wrong: dict[str, str]
) -> None:
    client, before = signed_in(world.ana), Message.objects.count()
    assert _send(client, ticket, kind, **wrong) == 422
    plain = client.post(f"/desk/tickets/{ticket.pk}/{kind}/", {f"{kind}_text": "Mañana", **wrong})
    assert plain.status_code == 302
    assert (Message.objects.count(), TimeEntry.objects.count()) == (before, 0)
    draft = Draft.objects.get()
    assert "Mañana" in draft.html
    assert draft.fields["time"].items() >= {k.removeprefix("time_"): v for k, v in wrong.items()}.items()
    page = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert f'value="{next(iter(wrong.values()))}"' in page


def test_pressed_twice_it_is_logged_once(world: World, signed_in: SignIn, ticket: Ticket) -> None:
    for _each in range(2):
        assert _send(signed_in(world.ana), ticket, key="k1", **TIME) == 200
    assert TimeEntry.objects.count() == 1


def test_an_answer_taken_back_takes_its_time_with_it(world: World, signed_in: SignIn, ticket: Ticket) -> None:
    client = signed_in(world.ana)
    _send(client, ticket, **TIME)
    withdraw(Message.objects.order_by("-pk")[0], by=world.ana)
    assert not TimeEntry.objects.exists()
    composer = client.get(f"/desk/tickets/{ticket.pk}/?part=composer").content.decode()
    assert 'value="12.50"' in composer
    assert 'value="0:25"' in composer
    assert 'value="10:40"' in composer


def test_time_that_was_handed_in_stays(world: World, signed_in: SignIn, ticket: Ticket) -> None:
    _send(signed_in(world.ana), ticket, **TIME)
    TimeEntry.objects.update(state="submitted")
    withdraw(Message.objects.order_by("-pk")[0], by=world.ana)
    assert TimeEntry.objects.count() == 1


def test_folded_it_costs_no_query(world: World, signed_in: SignIn, ticket: Ticket) -> None:
    client = signed_in(world.ana)
    address = f"/desk/tickets/{ticket.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content.decode()
    assert "data-time-box" in page
    assert 'name="time_minutes"' not in page
    assert not [q for q in queries if "timeactivity" in q["sql"] or "timerule" in q["sql"]]
    assert 'name="time_minutes"' in client.get(f"{address}?time=1").content.decode()
    assert 'name="time_minutes"' in client.get(f"{address}compose-time/").content.decode()


def test_who_may_log_no_time_has_none(world: World, signed_in: SignIn, ticket: Ticket) -> None:
    world.ana.role.permissions = [p for p in world.ana.role.permissions if p != "tickets.log_time"]
    world.ana.role.save()
    client = signed_in(world.ana)
    assert "data-time-box" not in client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert client.get(f"/desk/tickets/{ticket.pk}/compose-time/").status_code == 403
    assert _send(client, ticket, **TIME) == 200
    assert not TimeEntry.objects.exists()


def test_the_api_takes_it_with_the_message(world: World, ticket: Ticket) -> None:
    token = create_token(world.ana, "test", by=world.ana)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    address = f"/api/v1/tickets/{ticket.pk}/messages"

    def say(body: dict[str, object]) -> int:
        return client.post(address, json.dumps({"text": "Mañana", **body}), "application/json").status_code

    before = Message.objects.count()
    assert say({"time": {"minutes": 99999}}) == 422
    assert (Message.objects.count(), TimeEntry.objects.count()) == (before, 0)
    assert say({"time": {"minutes": 30, "note": "mirado"}}) == 201
    assert say({"kind": "note", "time": {"minutes": 5}}) == 201
    assert list(TimeEntry.objects.order_by("pk").values_list("minutes", flat=True)) == [30, 5]
    world.ana.role.permissions = [p for p in world.ana.role.permissions if p != "tickets.log_time"]
    world.ana.role.save()
    assert say({"time": {"minutes": 30}}) == 403
