"""Parties, followers, handing over, items and the library by the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from zaguan.api.tests.calling import signed
from zaguan.conversations.attachments import store
from zaguan.conversations.models import Message, TicketItem
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Party, PartyRole, Ticket


@pytest.fixture
def call(world: World) -> Callable[..., Any]:
    def make(agent: Agent, method: str, path: str, body: Any = None, **headers: str) -> Any:
        client = Client(headers=signed(agent) | headers)
        return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), "application/json")

    return make


def test_a_party_is_added_copied_and_taken_out(world: World, call: Callable[..., Any]) -> None:
    ticket, role = make_ticket(world), PartyRole.objects.order_by("position").first()
    assert role is not None
    path = f"/tickets/{ticket.pk}/parties"
    body = {"role": "Reporter", "contact": world.eve.public_id}
    made = call(world.ana, "POST", path, body, **{"Idempotency-Key": "1"})
    assert made.status_code == 201, made.content
    assert made.json()["email"] == "eve@stranger.example"
    assert not made.json()["copied"]
    copied = call(world.ana, "PATCH", f"{path}/{made.json()['id']}", {"copied": True})
    assert copied.json()["copied"]
    assert call(world.ana, "GET", path).json()[0]["copied"]
    changed = call(world.ana, "PATCH", f"{path}/{made.json()['id']}", {"role": "Agency"}).json()
    assert (changed["copied"], changed["role"] != made.json()["role"]) == (True, True)
    back = {"role": "Reporter", "copied": False}
    changed = call(world.ana, "PATCH", f"{path}/{made.json()['id']}", back).json()
    assert (changed["copied"], changed["role"]) == (False, made.json()["role"])
    assert call(world.ana, "PATCH", f"{path}/{made.json()['id']}", {"role": "Nadie"}).status_code == 422
    call(world.ana, "PATCH", f"{path}/{made.json()['id']}", {"copied": True})
    assert call(world.cleo, "GET", path).status_code == 404
    assert call(world.rita, "POST", path, body).status_code == 403
    assert call(world.ana, "POST", path, {"role": "Nadie", "name": "x"}).status_code == 422
    assert call(world.ana, "DELETE", f"{path}/{made.json()['id']}").status_code == 204
    assert not Party.objects.exists()


def test_follow_and_hand_over(world: World, call: Callable[..., Any]) -> None:
    ticket = make_ticket(world)
    assert call(world.ana, "PUT", f"/tickets/{ticket.pk}/following").status_code == 204
    assert call(world.ana, "GET", f"/tickets/{ticket.pk}/followers").json() == [
        {"id": world.ana.pk, "name": "Ana"}
    ]
    listed = call(world.ana, "GET", "/tickets?view=following").json()
    assert [each["number"] for each in listed["items"]] == [ticket.pk]
    done = call(
        world.ana, "POST", f"/tickets/{ticket.pk}/transfer", {"team": "Sales", "text": "<b>Precio</b>"}
    )
    assert done.status_code == 204
    assert Ticket.objects.get(pk=ticket.pk).team == world.sales
    assert "<b>" in Message.objects.get(ticket=ticket, direction="note").text
    assert call(world.ana, "GET", f"/tickets/{ticket.pk}/followers").status_code == 404


def test_items_and_the_library(world: World, call: Callable[..., Any]) -> None:
    ticket = make_ticket(world)
    path = f"/tickets/{ticket.pk}/items"
    file = store(b"uno", "uno.txt", by=world.ana)
    hung = call(world.ana, "POST", path, {"attachment": file.public_id})
    assert (hung.status_code, hung.json()["what"]) == (201, "file")
    assert call(world.ana, "POST", path, {"attachment": file.public_id}).status_code == 422
    assert call(world.ana, "POST", path, {"address": "javascript:x"}).status_code == 422
    assert call(world.ana, "POST", "/library", {"address": "docs.example"}).status_code == 403
    shared = call(world.bo, "POST", "/library", {"address": "docs.example", "name": "Manual"}).json()
    assert call(world.ana, "POST", path, {"library_item": shared["id"]}).json()["name"] == "Manual"
    renamed = call(world.bo, "PATCH", f"/library/{shared['id']}", {"name": "Guía", "archived": True}).json()
    assert (renamed["name"], renamed["address"], renamed["archived"]) == (
        "Guía",
        "https://docs.example",
        True,
    )
    assert call(world.ana, "GET", "/library").json() == []
    assert len(call(world.ana, "GET", path).json()) == 2
    assert call(world.ana, "DELETE", f"{path}/{hung.json()['id']}").status_code == 204
    assert TicketItem.objects.filter(ticket=ticket).count() == 1


def test_the_timeline(world: World, call: Callable[..., Any]) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world, "Hola")
    found = call(world.ana, "GET", f"/tickets/{ticket.pk}/timeline").json()
    assert [point["kind"] for point in found["points"]] == ["in"]
    assert found["turns"][0]["kind"] == "us"
