"""Templates and scheduled tickets for machines: checked when planned, changed, paused, opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.api.tests.calling import call
from zaguan.conversations.opening_due import open_due
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.models import Schedule, Template, Ticket, TicketType, TimeEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(world: World) -> TicketType:
    kind = save_type(None, by=world.bo, name="Avería", category="customer")
    save_attribute(kind, None, by=world.bo, name="Placa", format="text", needed_from_agent=True)
    return kind


def _values(world: World, **more: Any) -> dict[str, Any]:
    return {"subject": "Revisar", "requester": "dan@customer.example", "team": "Support", **more}


def _soon() -> str:
    return (timezone.now() + timedelta(days=1)).isoformat()


def test_a_ticket_is_planned_with_type_promise_and_time(world: World, ana: Client, fault: TicketType) -> None:
    values = _values(
        world, type="Avería", attributes={"placa": "A 1"}, promise_minutes=60, promise_public=True,
        time={"minutes": 15, "note": "Preparar"},
    )  # fmt: skip
    made = call(ana, "post", "/scheduled-tickets", values=values, starts_at=_soon(), rule="FREQ=DAILY")
    assert made.status_code == 201, made.content
    assert len(made.json()["next"]) == 5
    Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert open_due() == 1
    ticket = ana.get(f"/api/v1/tickets/{Ticket.objects.get().pk}").json()
    assert (ticket["type"]["name"], ticket["attributes"]["placa"]) == ("Avería", "A 1")
    opened = Ticket.objects.get()
    assert opened.promised_at is not None
    assert TimeEntry.objects.get(ticket=opened).minutes == 15


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"type": "Avería"}, "attributes.placa"),
        ({"type": "Avería", "attributes": {"placa": "A", "nada": 1}}, "attributes.nada"),
        ({"attributes": {"placa": "A"}}, "type"),
        ({"type": "Nada"}, "type"),
        ({"promise_minutes": 0}, "promise_minutes"),
        ({"time": {"minutes": 0}}, "minutes"),
        ({"time": {"start": "25:00"}}, "start"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(
    world: World, ana: Client, fault: TicketType, more: dict[str, Any], field: str
) -> None:
    refused = call(ana, "post", "/scheduled-tickets", values=_values(world, **more), starts_at=_soon())
    assert refused.status_code == 422
    assert field in refused.content.decode()
    assert not Schedule.objects.exists()


def test_it_is_changed_paused_resumed_and_cancelled(world: World, ana: Client) -> None:
    made = call(
        ana, "post", "/scheduled-tickets", values=_values(world), starts_at=_soon(), rule="FREQ=DAILY"
    )
    path = f"/scheduled-tickets/{made.json()['id']}"
    again = call(
        ana, "put", path, values=_values(world, subject="Otra"), starts_at=_soon(), rule="FREQ=WEEKLY"
    )
    assert (again.json()["subject"], again.json()["rule"]) == ("Otra", "FREQ=WEEKLY")
    assert call(ana, "post", path, do="pause").json()["paused"]
    assert not call(ana, "post", path, do="resume").json()["paused"]
    assert call(ana, "post", path, do="cancel").json()["cancelled"]
    assert [row["id"] for row in ana.get("/api/v1/scheduled-tickets").json()] == [made.json()["id"]]


def test_the_same_key_plans_once(world: World, ana: Client) -> None:
    body = {"values": _values(world), "starts_at": _soon()}
    for _twice in range(2):
        ana.post(
            "/api/v1/scheduled-tickets",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "p-1"},
        )
    assert Schedule.objects.count() == 1


def test_a_template_opens_with_what_is_given_in_its_place(
    world: World, ana: Client, fault: TicketType
) -> None:
    values = _values(world, type="Avería", attributes={"placa": "A 1"})
    made = call(ana, "post", "/ticket-templates", name="Avería", values=values).json()
    opened = call(ana, "post", f"/ticket-templates/{made['id']}/open", subject="Ahora")
    assert opened.status_code == 201, opened.content
    assert (opened.json()["subject"], opened.json()["attributes"]["placa"]) == ("Ahora", "A 1")
    changed = call(ana, "patch", f"/ticket-templates/{made['id']}", name="Otra", values=_values(world))
    assert changed.json()["name"] == "Otra"
    assert call(ana, "delete", f"/ticket-templates/{made['id']}").status_code == 204
    assert not Template.objects.exists()


def test_an_unfinished_template_is_refused_when_it_opens(
    world: World, ana: Client, fault: TicketType
) -> None:
    made = call(ana, "post", "/ticket-templates", name="A", values=_values(world, type="Avería")).json()
    refused = call(ana, "post", f"/ticket-templates/{made['id']}/open")
    assert refused.status_code == 422
    assert "attributes.placa" in refused.content.decode()
