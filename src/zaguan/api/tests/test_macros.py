"""Macros, canned messages and bulk changes by API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.api.tests.calling import machine
from zaguan.conversations.models import Message
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


class Machine:
    """Calls the API as an agent."""

    def __init__(self, agent: Agent) -> None:
        self._client = machine(agent)

    def __call__(self, method: str, path: str, body: Any = None, *, expect: int = 200, key: str = "") -> Any:
        answer = self._client.generic(
            method,
            f"/api/v1{path}",
            data=b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key} if key else {},
        )
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None


STAR = {"action": "set_important", "values": {"important": True}}


def test_a_macro_from_making_to_taking_back(world: World) -> None:
    call, ticket = Machine(world.ana), make_ticket(world)
    steps = [STAR, {"action": "set_status", "values": {"status": "In process"}}]
    made = call("POST", "/macros", {"name": "Empezar", "steps": steps, "query": "is:open"}, expect=201)
    assert [step["sentence"] for step in made["steps"]] == ["Mark as important", "Status: In process"]
    call("PATCH", f"/macros/{made['id']}", {"favourite": True, "description": "Al empezar"})
    first = call("GET", f"/tickets/{ticket.pk}/macros")[0]
    assert (first["id"], first["favourite"], first["description"]) == (made["id"], True, "Al empezar")
    shown = call("GET", f"/tickets/{ticket.pk}/macros/{made['id']}")
    assert [(each["old"], each["new"]) for each in shown] == [("No", "Yes"), ("New", "In process")]
    path = f"/tickets/{ticket.pk}/macros/{made['id']}"
    call("POST", path, {"version": 99}, expect=409)
    done = call("POST", path, {"version": ticket.version}, key="one")
    again = call("POST", path, {"version": ticket.version}, key="one")
    assert (done["changed"], again["run"]) == (True, done["run"])
    assert call("GET", f"/macros/{made['id']}")["used"] == 1
    assert call("POST", f"/bulk/{done['run']}/undo", {})["undone"] == 1
    assert not Ticket.objects.get(pk=ticket.pk).is_important
    call("DELETE", f"/macros/{made['id']}", expect=204)


def test_a_step_needs_its_own_permission(world: World) -> None:
    call, ticket = Machine(world.rita), make_ticket(world)
    made = call("POST", "/macros", {"name": "X", "steps": [STAR]}, expect=201)
    call("POST", f"/tickets/{ticket.pk}/macros/{made['id']}", {}, expect=403)
    call("POST", "/bulk", {"numbers": [ticket.pk], "steps": [STAR]}, expect=403)


def test_wrong_steps_say_what_is_wrong(world: World) -> None:
    wrong = {"name": "X", "steps": [{"action": "set_team", "values": {"team": "Marte"}}]}
    problem = Machine(world.ana)("POST", "/macros", wrong, expect=422)
    assert "Marte" in problem["title"] + problem.get("detail", "")


def test_actions_and_placeholders_are_listed(world: World) -> None:
    call = Machine(world.ana)
    found = {each["key"]: each for each in call("GET", "/actions")}
    assert found["set_team"]["required"] == ["team"]
    assert "requester.first_name" in [each["name"] for each in call("GET", "/placeholders")]


def test_a_whole_view_in_bulk(world: World) -> None:
    call = Machine(world.ana)
    mine = [make_ticket(world, subject="Caja roja").pk for _each in range(3)]
    other = make_ticket(world, team=world.sales)
    run = call("POST", "/bulk", {"view": "open", "q": "team:support", "steps": [STAR]}, expect=202)
    assert (run["total"], run["state"]) == (3, "done")
    assert call("GET", f"/bulk/{run['id']}")["done"] == 3
    assert [each["number"] for each in call("GET", f"/bulk/{run['id']}/tickets?state=done&limit=2")] == mine[
        :2
    ]
    assert not Ticket.objects.get(pk=other.pk).is_important
    call("POST", f"/bulk/{run['id']}/undo", {})
    assert call("GET", f"/bulk/{run['id']}")["undone"] == 3
    assert call("GET", "/bulk")[0]["state"] == "undone"


def test_a_filter_that_is_not_understood_changes_nothing(world: World) -> None:
    make_ticket(world)
    Machine(world.ana)("POST", "/bulk", {"view": "open", "q": "tema:x", "steps": [STAR]}, expect=422)


def test_others_runs_are_unknown(world: World) -> None:
    run = Machine(world.ana)(
        "POST", "/bulk", {"numbers": [make_ticket(world).pk], "steps": [STAR]}, expect=202
    )
    Machine(world.bo)("GET", f"/bulk/{run['id']}", expect=404)


def test_a_canned_message_is_filled_in_and_a_placeholder_left_stops_the_sending(world: World) -> None:
    call = Machine(world.ana)
    ticket, _question = make_question(world)
    text = "Hola {{requester.first_name|}}: de {{organisation.name}}"
    made = call("POST", "/canned", {"name": "Saludo", "shortcut": "/Saludo", "text": text}, expect=201)
    assert [each["id"] for each in call("GET", "/canned?q=/salu")] == [made["id"]]
    ready = call("POST", f"/tickets/{ticket.pk}/canned/{made['id']}")
    assert ready["missing"] == ["organisation.name"]
    problem = call("POST", f"/tickets/{ticket.pk}/messages", {"html": ready["html"]}, expect=422)
    assert "{{organisation.name}}" in problem["title"] + problem.get("detail", "")
    call("PATCH", f"/canned/{made['id']}", {"text": "Hola {{requester.first_name|}}"})
    ready = call("POST", f"/tickets/{ticket.pk}/canned/{made['id']}")
    call("POST", f"/tickets/{ticket.pk}/messages", {"html": ready["html"]}, expect=201)
    assert Message.objects.get(ticket=ticket, direction="out").text.strip() == "Hola Dan"
    call("DELETE", f"/canned/{made['id']}", expect=204)


def test_a_long_list_asks_the_database_no_more_often(world: World) -> None:
    call = Machine(world.ana)
    asked = []
    for count in (1, 8):
        for number in range(count):
            call("POST", "/canned", {"name": f"Texto {count} {number}", "text": "Hola"}, expect=201)
        with CaptureQueriesContext(connection) as queries:
            assert call("GET", "/canned")
        asked.append(len(queries))
    assert asked[0] == asked[1]
