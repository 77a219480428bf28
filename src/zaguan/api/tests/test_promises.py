"""Policies and the account of a ticket, by the API."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.api.tests.calling import Caller
from zaguan.sla.tests.promising import make_policy, target
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
FIRST = {"kind": "first", "seconds": 3600, "in_business_time": False}


@pytest.fixture
def bo(world: World) -> Caller:
    return Caller(world.bo)


def test_a_policy_is_made_changed_switched_on_and_deleted(bo: Caller) -> None:
    made = bo.ask(
        "POST", "/sla/policies", {"name": "Patio", "query": "channel:email", "targets": [FIRST]}
    ).json()
    assert (made["active"], made["version"], made["targets"][0]["seconds"]) == (False, 1, 3600)
    path = f"/sla/policies/{made['id']}"
    changed = bo.ask("PATCH", path, {"targets": [FIRST | {"seconds": 7200}], "active": True}).json()
    assert (changed["active"], changed["version"], changed["query"]) == (True, 2, "channel:email")
    stale = bo.ask("PATCH", path, {"query": "channel:phone"}, **{"If-Match": '"1"'})
    assert stale.status_code == 409
    old = bo.ask("GET", f"{path}/versions").json()
    assert [(version["version"], version["targets"][0]["seconds"]) for version in old] == [
        (2, 7200),
        (1, 3600),
    ]
    assert bo.ask("DELETE", path).status_code == 204
    assert bo.ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"query": "assignee:me"}, "query"),
        ({"query": "created:7d"}, "query"),
        ({"query": "factura"}, "query"),
        ({"query": "service:nada"}, "query"),
        ({"query": "team:mine"}, "query"),
        ({"targets": []}, "targets"),
        ({"targets": [FIRST | {"seconds": 0}]}, "targets"),
        ({"targets": [FIRST, FIRST]}, "targets"),
        ({"targets": [FIRST | {"by_urgency": {"99999": 60}}]}, "targets"),
        ({"name": " "}, "name"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(bo: Caller, given: dict[str, Any], field: str) -> None:
    answer = bo.ask("POST", "/sla/policies", {"name": "Patio", "targets": [FIRST]} | given)
    assert answer.status_code == 422, answer.content
    assert field in str(answer.json())


def test_a_ticket_says_why_it_is_due_when_it_is(world: World) -> None:
    make_policy(target("first", 2), query="channel:email", name="Correo")
    ticket = make_ticket(world)
    found = Caller(world.ana).ask("GET", f"/tickets/{ticket.pk}/sla").json()
    assert (found["state"], found["policy"]["name"], found["terms"]) == (
        "ontrack",
        "Correo",
        ["channel:email"],
    )
    (clock,) = found["clocks"]
    assert (clock["kind"], clock["length"], clock["state"]) == ("first", 7200, "running")
    assert [stretch["cause"] for stretch in clock["stretches"]] == [""]
