"""Tickets by API: opened once per key, changed with the version that was read, seen only by who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zaguan.api.tests.calling import machine
from zaguan.conversations.models import RawMessage
from zaguan.conversations.raw import store_raw
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


class Caller:
    """A machine with an agent's token."""

    def __init__(self, agent: Agent) -> None:
        self.client = machine(agent)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}")

    def send(self, method: str, path: str, body: dict[str, Any], **headers: str) -> Any:
        send = getattr(self.client, method)
        return send(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)


NEW = {
    "subject": "Grifo que gotea",
    "text": "Gotea desde ayer.",
    "requester": {"email": "dan@customer.example"},
    "team": "Support",
}


def test_a_ticket_is_opened_read_and_listed(world: World) -> None:
    caller = Caller(world.ana)
    answer = caller.send("post", "/tickets", NEW)
    assert answer.status_code == 201, answer.content
    number = answer.json()["number"]
    assert caller.get(f"/tickets/{number}").json()["requester"]["email"] == "dan@customer.example"
    assert [t["number"] for t in caller.get("/tickets?q=gotea").json()["items"]] == [number]
    said = caller.get(f"/tickets/{number}/messages").json()["items"]
    assert [m["text"] for m in said] == ["Gotea desde ayer."]
    assert said[0]["direction"] == "in"


def test_the_same_key_opens_one_ticket(world: World) -> None:
    caller = Caller(world.ana)
    first = caller.send("post", "/tickets", NEW, **{"Idempotency-Key": "k1"})
    second = caller.send("post", "/tickets", NEW, **{"Idempotency-Key": "k1"})
    assert first.json()["number"] == second.json()["number"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Ticket.objects.count() == 1
    other = caller.send("post", "/tickets", NEW | {"subject": "Otra cosa"}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422


def test_an_old_version_is_a_conflict_that_tells_what_changed(world: World) -> None:
    ticket = make_ticket(world)
    caller = Caller(world.ana)
    read = caller.get(f"/tickets/{ticket.pk}").json()["version"]
    changed = caller.send("patch", f"/tickets/{ticket.pk}", {"is_important": True}, **{"If-Match": str(read)})
    assert changed.status_code == 200, changed.content
    stale = caller.send("patch", f"/tickets/{ticket.pk}", {"subject": "Nuevo"}, **{"If-Match": str(read)})
    assert stale.status_code == 409
    assert stale.headers["Content-Type"] == "application/problem+json"
    assert stale.json()["changes"][0]["kind"] == "tickets.FieldsChanged"
    assert Ticket.objects.get(pk=ticket.pk).subject == ticket.subject


def test_another_team_finds_nothing(world: World) -> None:
    ticket = make_ticket(world, subject="canario secreto")
    caller = Caller(world.cleo)
    assert caller.get(f"/tickets/{ticket.pk}").status_code == 404
    assert caller.get(f"/tickets/{ticket.pk}/messages").status_code == 404
    assert caller.get(f"/tickets/{ticket.pk}/events").status_code == 404
    assert caller.get("/tickets?q=canario").json()["items"] == []
    assert caller.send("patch", f"/tickets/{ticket.pk}", {"subject": "x"}).status_code == 404


def test_who_only_reads_cannot_write(world: World) -> None:
    ticket = make_ticket(world)
    caller = Caller(world.rita)
    assert caller.get(f"/tickets/{ticket.pk}").status_code == 200
    assert caller.send("post", "/tickets", NEW).status_code == 403
    assert caller.send("patch", f"/tickets/{ticket.pk}", {"subject": "x"}).status_code == 403
    assert caller.send("post", f"/tickets/{ticket.pk}/messages", {"text": "hola"}).status_code == 403


def test_a_reply_sets_the_status_and_a_note_stays_inside(world: World) -> None:
    ticket = make_ticket(world)
    caller = Caller(world.ana)
    sent = caller.send("post", f"/tickets/{ticket.pk}/messages", {"text": "Vamos hoy.", "status": "Answered"})
    assert sent.status_code == 201, sent.content
    assert sent.json()["deliveries"][0]["address"] == "dan@customer.example"
    assert Ticket.objects.get(pk=ticket.pk).phase == "customer"
    note = caller.send("post", f"/tickets/{ticket.pk}/messages", {"text": "Ojo.", "kind": "note"}).json()
    assert (note["visibility"], note["deliveries"]) == ("internal", [])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"team": "Nobody"}, "team"),
        ({"requester": {"email": "nada"}}, "requester"),
        ({"status": "Unheard of"}, "status"),
    ],
)
def test_a_mistake_names_its_field_and_stores_nothing(world: World, body: dict[str, Any], field: str) -> None:
    answer = Caller(world.ana).send("post", "/tickets", NEW | body)
    assert answer.status_code == 422
    assert answer.json()["field"].endswith(field)
    assert answer.json()["title"]
    assert Ticket.objects.count() == 0


def test_without_a_good_token_there_is_nothing(world: World) -> None:
    assert Client().get("/api/v1/tickets").status_code == 401
    assert Client(headers={"Authorization": "Bearer zg_wrong"}).get("/api/v1/tickets").status_code == 401


def test_pages_by_cursor_show_everything_once(world: World) -> None:
    numbers = {make_ticket(world, subject=f"n {i}").pk for i in range(7)}
    caller = Caller(world.ana)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = caller.get(f"/tickets?size=3&cursor={cursor}").json()
        seen += [t["number"] for t in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == numbers


def test_a_status_needs_its_permission_whatever_the_way(world: World) -> None:
    number, role = make_ticket(world).pk, world.ana.role
    role.permissions = [each for each in role.permissions if each != "tickets.set_status"]
    role.save()
    caller, say = Caller(world.ana), {"text": "Hola.", "status": "Completed"}
    for kind in ("note", "reply"):
        assert caller.send("post", f"/tickets/{number}/messages", say | {"kind": kind}).status_code == 403
    assert caller.send("post", "/tickets", NEW | {"status": "Completed"}).status_code == 403
    assert list(Ticket.objects.values_list("phase", flat=True)) == ["new"]


def test_a_ticket_opens_in_the_status_that_was_asked_for(world: World) -> None:
    made = Caller(world.ana).send("post", "/tickets", NEW | {"status": "Completed"}).json()
    ticket = Ticket.objects.get(pk=made["number"])
    assert (ticket.phase, bool(ticket.resolved_at), bool(ticket.closes_at)) == ("resolved", True, True)


def test_times_without_a_zone_are_the_agents_own(world: World) -> None:
    world.ana.time_zone = "Europe/Madrid"
    world.ana.save()
    number, caller = make_ticket(world).pk, Caller(world.ana)
    later = caller.send("post", f"/tickets/{number}/snooze", {"until": "2099-01-01T09:00:00"})
    assert later.status_code == 200, later.content
    snoozed_until = Ticket.objects.get(pk=number).snoozed_until
    assert snoozed_until
    assert snoozed_until.isoformat() == "2099-01-01T08:00:00+00:00"
    call = {"caller": "+57 1 234", "started_at": "2026-11-01T09:00:00", "ended_at": "2026-11-01T08:30:00Z"}
    assert caller.send("post", f"/tickets/{number}/calls", call).status_code == 201


def test_a_message_that_is_elsewhere_cannot_be_answered(world: World) -> None:
    ticket, other = make_ticket(world), make_ticket(world)
    foreign = make_message(other, world, sender_address="eve@stranger.example")
    body = {"text": "Hola.", "answers": foreign.pk}
    answer = Caller(world.ana).send("post", f"/tickets/{ticket.pk}/messages", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "answers")


def test_a_mail_that_became_a_message_is_read_with_its_ticket_only(world: World) -> None:
    raw, _new = store_raw(b"Subject: secreto\r\n\r\nhola", inbox=world.inbox, source="pipe")
    role = world.ana.role
    role.permissions = [*role.permissions, "conversations.failed_mail"]
    role.save()
    address = f"/failed-mail/{raw.pk}/original"
    RawMessage.objects.update(state="failed")
    assert Caller(world.ana).get(address).status_code == 200
    RawMessage.objects.update(state="processed")
    assert Caller(world.ana).get(address).status_code == 404
