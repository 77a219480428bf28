"""The number of a ticket that went into another one leads to that one, whatever is asked of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zaguan.api.tests.calling import machine
from zaguan.conversations.merging import merge
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link

pytestmark = pytest.mark.django_db


def test_an_old_number_is_as_good_as_the_new_one(world: World) -> None:
    survivor, gone, child = (make_ticket(world) for _each in range(3))
    link(survivor, child, Link.Kind.CHILD, by=world.ana)
    merge(survivor, [gone], by=world.ana)
    client = machine(world.ana)

    def call(method: str, path: str, body: Any = None) -> Any:
        address = f"/api/v1/tickets/{gone.pk}/{path}"
        answer = client.generic(method, address, json.dumps(body or {}), "application/json")
        assert answer.status_code < 300, (path, answer.content)
        return answer.json() if answer.content else None

    party = call("POST", "parties", {"role": "Reporter", "contact": world.eve.public_id})
    assert call("GET", "parties") == [party]
    assert call("PATCH", f"parties/{party['id']}", {"copied": True})["copied"]
    call("DELETE", f"parties/{party['id']}")
    item = call("POST", "items", {"address": "https://example.com/manual"})
    assert call("GET", "items") == [item]
    call("DELETE", f"items/{item['id']}")
    assert call("GET", "links") == [{"kind": "child", "source": survivor.pk, "target": child.pk}]
    children = call("GET", "children")
    assert (children["total"], [row["number"] for row in children["items"]]) == (1, [child.pk])
    assert call("POST", "time-entries", {"minutes": 5})[0]["ticket"] == survivor.pk
    assert call("GET", "time-entries")["items"][0]["minutes"] == 5
    assert call("POST", "checklist", {"items": ["Cable"]}) == call("GET", "checklist")
