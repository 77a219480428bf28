"""Links and mass updates for machines: the same rules, and nothing of what the agent may not know of."""

from __future__ import annotations

import pytest
from django.test import Client

from zaguan.api.tests.calling import call
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket

pytestmark = pytest.mark.django_db


def test_children_are_linked_listed_and_let_go(world: World, ana: Client) -> None:
    parent, child = make_ticket(world), make_ticket(world)
    made = call(ana, "post", f"/tickets/{parent.pk}/links", number=child.pk, kind="child")
    assert (made.status_code, made.json()["target"]) == (201, child.pk)
    found = ana.get(f"/api/v1/tickets/{parent.pk}/children").json()
    assert (found["done"], found["total"], found["items"][0]["number"]) == (0, 1, child.pk)
    assert len(ana.get(f"/api/v1/tickets/{parent.pk}/flow").json()["nodes"]) == 2
    done = call(ana, "post", f"/tickets/{parent.pk}/children/finish").json()
    assert done == {"done": [child.pk], "refused": {}}
    assert call(ana, "delete", f"/tickets/{parent.pk}/links/child/{child.pk}").status_code == 204
    assert not Link.objects.exists()


def test_many_are_linked_and_let_go_by_one_call(world: World, ana: Client) -> None:
    parent, children = make_ticket(world), [make_ticket(world) for _n in range(3)]
    numbers = [child.pk for child in children]
    made = call(ana, "post", f"/tickets/{parent.pk}/links/many", numbers=numbers, kind="child")
    assert (made.status_code, [each["target"] for each in made.json()]) == (201, numbers)
    secret = make_ticket(world, team=world.sales)
    refused = call(ana, "post", f"/tickets/{parent.pk}/links/many", numbers=[secret.pk], kind="child")
    assert refused.status_code == 404
    gone = call(ana, "post", f"/tickets/{parent.pk}/links/many/remove", numbers=numbers, kind="child")
    assert gone.status_code == 204
    assert not Link.objects.exists()


def test_the_number_of_an_unseen_ticket_is_told_nowhere(world: World, ana: Client) -> None:
    ticket, secret = make_ticket(world), make_ticket(world, team=world.sales)
    link(ticket, secret, Link.Kind.CHILD, by=world.bo)
    assert ana.get(f"/api/v1/tickets/{ticket.pk}/links").json() == []
    events = ana.get(f"/api/v1/tickets/{ticket.pk}/events").json()["items"]
    assert [e["data"]["other_id"] for e in events if e["kind"] == "tickets.TicketLinked"] == [None]
    children = ana.get(f"/api/v1/tickets/{ticket.pk}/children").json()
    assert (children["total"], children["hidden"], children["items"]) == (1, 1, [])
    assert [n["hidden"] for n in ana.get(f"/api/v1/tickets/{ticket.pk}/flow").json()["nodes"]] == [1]


def test_everybody_affected_is_informed_by_one_call(world: World, bo: Client, ana: Client) -> None:
    kind = TicketType.objects.create(name="Caída", category="tracker")
    tracker = open_ticket(NewTicket(subject="x", team=world.support, type=kind), by=world.bo)
    affected = make_ticket(world)
    make_message(affected, world, sender_address="dan@customer.example")
    call(bo, "post", f"/tickets/{tracker.pk}/links", number=affected.pk, kind="tracked")
    path = f"/tickets/{tracker.pk}/mass-updates"
    assert call(ana, "post", path, text="Hola").status_code == 403
    made = call(bo, "post", path, text="Hola {{requester.first_name|tú}}", start=True).json()
    assert (made["state"], made["numbers"]["waiting"]) == ("started", 1)
    lines = bo.get(f"/api/v1/mass-updates/{made['id']}/recipients").json()["items"]
    assert lines[0]["text"].strip() == "Hola Dan"
    assert call(bo, "post", f"/mass-updates/{made['id']}/stop").json()["state"] == "draft"


def test_the_back_office_is_asked_and_shared_by_choice(world: World, ana: Client) -> None:
    front = make_ticket(world)
    kind = TicketType.objects.create(name="Pagos", category="back_office")
    body = {"subject": "Revisar", "type": kind.pk, "team": world.support.pk, "text": "Mirad", "waits": True}
    made = call(ana, "post", f"/tickets/{front.pk}/back-office", **body)
    assert made.status_code == 201
    back = made.json()["target"]
    assert call(ana, "put", f"/tickets/{back}/sharing", shared=True).status_code == 204
    refused = call(
        ana, "post", f"/tickets/{back}/messages", text="Hola", to=[{"email": "dan@customer.example"}]
    )
    assert refused.status_code == 422
    assert call(ana, "delete", f"/tickets/{front.pk}/links/back_office/{back}").status_code == 422
