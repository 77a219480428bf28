"""The most urgent first, however many tickets there are: each part of the list walks along its index and sorts nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.filtering import Query
from zaguan.tickets.listing import branches, page
from zaguan.tickets.models import RANKS, Phase, Ticket
from zaguan.tickets.ordering import ORDERS, read_cursor
from zaguan.tickets.selections import selection_for
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db
MANY, SIZE = 3000, 20


@pytest.fixture
def world() -> World:
    world = make_world()
    pattern, now = make_ticket(world), timezone.now()
    opened, closed = default_status(Phase.OPEN), default_status(Phase.CLOSED)
    Ticket.objects.bulk_create(
        [
            Ticket(
                subject=f"Caso {n}", requester=world.dan, team=[world.support, world.sales][n % 2],
                status=status, phase=status.phase, rank=RANKS[Phase(status.phase)], urgency_rank=n % 3 - 1,
                created_at=now, updated_at=now, active_at=now, channel=pattern.channel, inbox_id=world.inbox.pk,
            )
            for n in range(MANY)
            for status in (opened, closed)
        ],
        batch_size=500,
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return world


def plans(viewer: Agent, view: str, key: list[Any]) -> list[str]:
    """One for each part of the list, with its values bound as when it runs."""
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    order, found = ORDERS["urgency"], []
    for part in branches(viewer, selection_for(viewer, view), Query(), order, key):
        sql, values = part.values_list(*order.names)[:SIZE].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(how + sql, values)
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


@pytest.mark.parametrize("who", ["bo", "ana"])
@pytest.mark.parametrize("view", ["all", "open", "team"])
def test_each_part_walks_along_an_index(world: World, who: str, view: str) -> None:
    viewer: Agent = getattr(world, who)
    name = f"team:{world.support.pk}" if view == "team" else view
    cursor = page(viewer, view=name, order="urgency", size=SIZE).next_cursor
    parts = [
        *plans(viewer, name, []),
        *plans(viewer, name, read_cursor(ORDERS["urgency"], cursor)),
    ]
    assert len(parts) >= 3
    if connection.vendor == "sqlite":
        assert all("INDEX tickets_urgent" in plan and "TEMP B-TREE" not in plan for plan in parts), parts
    else:
        # There it may take another one where few are left, and knows how few.
        assert "tickets_urgent" in parts[0], parts[0]
        assert "Sort" not in parts[0], parts[0]
