"""What all calls have in common: once per key even at the same moment, problems as documents, a true description."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from zaguan.api.tests.calling import signed
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket

NEW = {"subject": "Grifo", "text": "Gotea.", "requester": "dan@customer.example", "team": "Support"}


def post(path: str, body: Any, headers: dict[str, str]) -> Any:
    text = json.dumps(body)
    return Client().post(f"/api/v1{path}", text, content_type="application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_two_equal_calls_at_the_same_moment_are_one() -> None:
    headers = signed(make_world().ana) | {"Idempotency-Key": "once"}
    together, answers = threading.Barrier(4), []

    def run() -> None:
        together.wait()
        answers.append(post("/tickets", NEW, headers))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.content for answer in answers]
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_call_leaves_its_key_free() -> None:
    headers = signed(make_world().ana) | {"Idempotency-Key": "again"}
    assert post("/tickets", NEW | {"team": "Nobody"}, headers).status_code == 422
    assert post("/tickets", NEW, headers).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/nothing/at/all", 404),
        ("GET", "/api/v1/tickets/none", 404),
        ("GET", "/api/v1/tickets/99999", 404),
        ("DELETE", "/api/v1/tickets", 405),
        ("GET", "/api/v1/tickets?cursor=%00", 422),
        ("GET", "/api/v1/contacts?cursor=nonsense", 422),
        ("GET", "/api/v1/tickets?size=many", 422),
        ("GET", "/api/v1/tickets?view=unheard-of", 404),
        ("GET", "/api/v1/tickets?view=team:x", 404),
        ("GET", "/api/v1/tickets/99999999999999999999", 404),
        ("POST", "/api/v1/tickets", 400),
    ],
)
def test_every_problem_is_a_document(method: str, path: str, status: int) -> None:
    answer = Client(headers=signed(make_world().ana)).generic(
        method, path, "{", content_type="application/json"
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json()["title"]


@pytest.mark.django_db
def test_our_own_mistake_is_a_document_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zaguan.api.account.counts", lambda viewer: 1 / 0)
    answer = Client(headers=signed(make_world().ana)).get("/api/v1/counts")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "division" not in answer.content.decode()


@pytest.mark.django_db
def test_the_description_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert "/api/v1/tickets/{number}/messages" in text
    assert "<script>" not in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
    assert page.headers["Content-Security-Policy"]


def test_many_tickets_change_each_by_itself(world: World) -> None:
    mine, closed = make_ticket(world).pk, make_ticket(world).pk
    hidden = make_ticket(world, team=world.sales).pk
    headers = signed(world.ana)
    change = {"numbers": [closed], "change": {"status": "Closed"}}
    post("/tickets/bulk", change, headers)
    both = {"numbers": [mine, closed, hidden], "change": {"assignee": world.ana.email}}
    result = post("/tickets/bulk", both, headers).json()
    assert [(row["number"], row["done"]) for row in result] == [(mine, True), (closed, False)]
    assert result[1]["problem"]
    assert Ticket.objects.get(pk=hidden).assignee is None


def test_a_message_is_taken_back_and_its_words_return(world: World) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world, sender_address="dan@customer.example")
    headers = signed(world.ana)
    sent = post(f"/tickets/{ticket.pk}/messages", {"text": "Vamos hoy."}, headers).json()
    back = post(f"/messages/{sent['id']}/withdraw", {}, headers)
    assert "Vamos hoy." in back.json()["html"]
    assert post(f"/messages/{sent['id']}/withdraw", {}, headers).status_code == 404


def test_whoever_may_only_set_the_status_may_postpone(world: World) -> None:
    ticket = make_ticket(world)
    role = world.rita.role
    role.permissions = [*role.permissions, "tickets.set_status"]
    role.save()
    later = post(f"/tickets/{ticket.pk}/snooze", {"until": "2099-01-01T09:00:00Z"}, signed(world.rita))
    assert later.status_code == 200, later.content
    assert Ticket.objects.get(pk=ticket.pk).phase == "snoozed"


def test_a_view_is_kept_listed_and_used(world: World) -> None:
    number = make_ticket(world, subject="grifo").pk
    make_ticket(world, subject="puerta")
    headers = signed(world.ana)
    made = post("/views", {"name": "Grifos", "query": "grifo"}, headers).json()
    listed = Client(headers=headers).get(f"/api/v1/tickets?view={made['key']}").json()
    assert [ticket["number"] for ticket in listed["items"]] == [number]
    assert post("/views", {"name": "Todos", "everybody": True}, headers).status_code == 422
