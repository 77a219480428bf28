"""A call that is made twice with the same key answers the same twice, whatever the endpoint answers with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from zaguan.people.models import Agent
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

STAR = {"action": "set_important", "values": {"important": True}}


@pytest.fixture
def twice(world: World) -> Callable[..., Any]:
    """Make a call twice with one key; returns its answer, which both times was the same."""

    def make(agent: Agent, method: str, path: str, body: Any) -> Any:
        token = create_token(agent, "test", by=agent)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{method} {path}"}
        first, again = (
            Client(headers=headers).generic(method, f"/api/v1{path}", json.dumps(body), "application/json")
            for _time in range(2)
        )
        assert first.status_code < 300, first.content
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
        return first.json()

    return make


def test_a_bulk_change_is_begun_and_taken_back_once(world: World, twice: Callable[..., Any]) -> None:
    number = make_ticket(world).pk
    run = twice(world.ana, "POST", "/bulk", {"numbers": [number], "steps": [STAR]})
    assert (run["state"], run["done"], run["macro"]) == ("done", 1, None)
    assert Ticket.objects.get(pk=number).is_important
    assert twice(world.ana, "POST", f"/bulk/{run['id']}/undo", {})["undone"] == 1


def test_rules_are_changed_once(world: World, twice: Callable[..., Any]) -> None:
    assert twice(world.bo, "PATCH", "/rules", {"close_after_hours": 40})["close_after_hours"] == 40


def test_what_answers_nothing_answers_nothing_again(world: World) -> None:
    token = create_token(world.bo, "test", by=world.bo)
    client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "gone"})
    path = f"/api/v1/tickets/{make_ticket(world).pk}/delete"
    answers = [client.post(path, {}, content_type="application/json") for _time in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
