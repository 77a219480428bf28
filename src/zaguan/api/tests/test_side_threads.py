"""Side threads by API: look, ask once, read, write, close."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zaguan.api.tests.calling import machine
from zaguan.conversations.models import Delivery, SideThread
from zaguan.testing.makers import make_question
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
ASKED = {
    "to": [{"email": "sue@supplier.example", "name": "Sue"}],
    "subject": "Una pieza",
    "text": "¿La conocen?",
}


def send(client: Client, path: str, body: dict[str, Any], key: str = "", method: str = "post") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    call = getattr(client, method)
    return call(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def test_ask_once_read_write_and_close(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    path = f"tickets/{ticket.pk}/side-threads"
    preview = send(ana, f"{path}/preview", ASKED).json()
    assert not SideThread.objects.exists()
    assert "No imprime." in preview["text"]
    made = send(ana, path, ASKED, key="k1")
    assert made.status_code == 201
    assert send(ana, path, ASKED, key="k1").json() == made.json()
    assert (made.json()["subject"], made.json()["is_over"]) == ("Una pieza", False)
    assert Delivery.objects.count() == 1
    side = made.json()["id"]
    said = send(ana, f"side-threads/{side}/messages", {"text": "¿Y el precio?"}, key="k2")
    assert said.status_code == 201
    assert (
        send(ana, f"side-threads/{side}/messages", {"text": "¿Y el precio?"}, key="k2").json() == said.json()
    )
    listed = ana.get(f"/api/v1/side-threads/{side}/messages").json()["items"]
    assert [(m["visibility"], m["channel"]) for m in listed] == [("internal", "side")] * 2
    assert listed[0]["html"] == preview["html"]
    state = send(ana, f"side-threads/{side}/state", {"closed": True}, method="put").json()
    assert state["closed_at"] is not None
    assert [each["id"] for each in ana.get(f"/api/v1/{path}").json()] == [side]


def test_the_conversation_does_not_tell_of_it(world: World, ana: Client) -> None:
    ticket, question = make_question(world)
    send(ana, f"tickets/{ticket.pk}/side-threads", ASKED)
    listed = ana.get(f"/api/v1/tickets/{ticket.pk}/messages").json()["items"]
    assert [m["id"] for m in listed] == [question.pk]


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": []},
        {"to": [{"email": "dan@customer.example"}]},
        {"subject": ""},
        {"text": ""},
        {"messages": 101},
        {"days": 0},
    ],
)
def test_what_is_wrong_is_refused(world: World, ana: Client, wrong: dict[str, Any]) -> None:
    ticket, _question = make_question(world)
    assert send(ana, f"tickets/{ticket.pk}/side-threads", ASKED | wrong).status_code == 422
    assert not SideThread.objects.exists()


def test_others_know_nothing_of_it(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = send(ana, f"tickets/{ticket.pk}/side-threads", ASKED).json()["id"]
    cleo = machine(world.cleo)
    assert cleo.get(f"/api/v1/side-threads/{side}/messages").status_code == 404
    assert send(cleo, f"side-threads/{side}/messages", {"text": "x"}).status_code == 404
