"""Whose turn it was, for machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from zaguan.api.tests.calling import machine
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 16, 21, 0, tzinfo=UTC)


@pytest.fixture
def ticket(world: World) -> Iterator[Ticket]:
    with time_machine.travel(T0, tick=False) as clock:
        made = make_ticket(world)
        clock.shift(3600)
        set_status(made, default_status(Phase.WAITING_THIRD), by=world.ana)
        clock.shift(7200)
        yield made


def test_stretches_and_sums_of_a_ticket(ticket: Ticket, world: World, ana: Client) -> None:
    found = ana.get(f"/api/v1/tickets/{ticket.pk}/clocks").json()
    assert (found["turn"], found["turn_since"], found["age"]) == ("third", "2026-11-16T22:00:00Z", 10_800)
    assert {each["side"]: (each["elapsed"], each["business"]) for each in found["sums"]} == {
        "agent": (3600, 3600),
        "customer": (0, 0),
        "third": (7200, 3600),
        "nobody": (0, 0),
    }
    assert [(s["side"], s["ended_at"]) for s in found["spans"]] == [
        ("agent", "2026-11-16T22:00:00Z"),
        ("third", None),
    ]
    assert [share["id"] for share in found["teams"]] == [world.support.pk]


def test_another_team_does_not_find_it(ticket: Ticket, world: World) -> None:
    assert machine(world.cleo).get(f"/api/v1/tickets/{ticket.pk}/clocks").status_code == 404


def test_sums_over_days(ticket: Ticket, world: World, bo: Client) -> None:
    found = bo.get("/api/v1/clocks/sums?first=2026-11-16&last=2026-11-16&by=team").json()
    assert [(line["label"], line["tickets"], line["sums"][2]["elapsed"]) for line in found] == [
        ("Support", 1, 7200)
    ]
    refused = bo.get("/api/v1/clocks/sums?first=2026-11-17&last=2026-11-16")
    assert refused.status_code == 422
