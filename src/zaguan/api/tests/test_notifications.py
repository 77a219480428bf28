"""The bell and what one wants to hear, by the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zaguan.api.tests.calling import Caller
from zaguan.lib import webpush
from zaguan.notifications.models import Notification, Preference
from zaguan.notifications.sending import notify
from zaguan.people.models import Agent
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


class Machine:
    """A caller with an agent's token."""

    def __init__(self, agent: Agent) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {create_token(agent, 'test', by=agent)}"})

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.generic(
            method, f"/api/v1{path}", "" if body is None else json.dumps(body), "application/json"
        )
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None


def test_what_one_was_told_is_listed_and_read(world: World) -> None:
    ticket, call = make_ticket(world), Machine(world.ana)
    notify([world.ana], kind="rule", ticket_id=ticket.pk, text="Mira esto")
    (item,) = call("GET", "/notifications?unread=true")["items"]
    assert (item["text"], item["ticket"], item["read_at"]) == ("Mira esto", ticket.pk, None)
    assert call("GET", "/notifications/count") == {"unread": 1, "more": False}
    assert call("PATCH", f"/notifications/{item['id']}", {"read": True})["read_at"] is not None
    call("PATCH", f"/notifications/{item['id']}", {"read": False})
    assert call("POST", "/notifications/read", {"ticket": ticket.pk}) == {"read": 1}
    assert call("GET", "/notifications?unread=true")["items"] == []


def test_seeing_a_ticket_is_reading_about_it(world: World) -> None:
    ticket = make_ticket(world)
    notify([world.ana], kind="rule", ticket_id=ticket.pk, text="Mira esto")
    Machine(world.ana)("PUT", f"/tickets/{ticket.pk}/seen")
    assert not Notification.objects.unread().exists()


def test_what_one_wants_to_hear_is_chosen(world: World) -> None:
    call = Machine(world.ana)
    wanted = [
        {"kind": "assigned", "medium": "mail", "on": True},
        {"kind": "assigned", "medium": "push", "on": False, "team": world.support.pk},
    ]
    found = call("PATCH", "/notification-preferences", {"preferences": wanted, "digest": "hourly"})
    assert {"kind": "assigned", "medium": "mail", "on": True} in found["preferences"]
    # In general it stays; for the team's tickets it does not.
    assert {"kind": "assigned", "medium": "push", "on": True} in found["preferences"]
    assert found["digest"] == "hourly"
    assert Preference.objects.filter(agent=world.ana).count() == 2


def test_a_device_is_added_and_taken_off(world: World) -> None:
    call = Machine(world.ana)
    assert len(webpush.decode(call("GET", "/devices")["server_key"])) == 65
    keys = {
        "p256dh": webpush.encode(webpush.public_bytes(webpush.new_key())),
        "auth": webpush.encode(bytes(16)),
    }
    made = call("POST", "/devices", {"endpoint": "https://push.example/1", "keys": keys, "name": "Robot"})
    assert [each["name"] for each in call("GET", "/devices")["items"]] == ["Robot"]
    call("DELETE", f"/devices/{made['id']}")
    assert call("GET", "/devices")["items"] == []


def test_what_is_refused_in_part_is_not_kept_in_part(world: World) -> None:
    ana = Caller(world.ana)
    before = ana("GET", "/notification-preferences")
    on = {"kind": "note_mine", "medium": "mail", "on": True}
    wrong = {"preferences": [on], "quiet": True, "quiet_days": [9]}
    assert ana.ask("PATCH", "/notification-preferences", wrong).status_code == 422
    assert ana("GET", "/notification-preferences") == before
