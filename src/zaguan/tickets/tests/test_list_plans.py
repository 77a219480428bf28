"""No list and no count reads more than it shows: the database is asked how it would go about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets import reference
from zaguan.tickets.counting import counts
from zaguan.tickets.listing import page
from zaguan.tickets.models import RANKS, Phase, Ticket
from zaguan.tickets.piles import piles
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db
MANY = 4000
# Rows that a plan may expect to read for a page of 50, over all parts of the list.
READ_AT_MOST = 1500


@pytest.fixture
def world() -> World:
    """As many tickets as a database needs to take its indexes seriously; mostly closed."""
    world = make_world()
    pattern = make_ticket(world)
    closed, opened = default_status(Phase.CLOSED), default_status(Phase.OPEN)
    now, rows = timezone.now(), []
    for n in range(MANY):
        status = closed if n % 40 else opened
        at = now - timedelta(minutes=n)
        rows.append(
            Ticket(
                subject=f"Caso {n}", requester=[world.dan, world.eve][n % 2], team=[world.support, world.sales][n % 2],
                assignee=[world.ana, world.cleo, None][n % 3], status=status, phase=status.phase, is_important=n % 30 == 0,
                rank=RANKS[Phase(status.phase)], created_at=at, updated_at=at, active_at=at,
                waiting_since=at if status is opened else None, channel=pattern.channel, inbox_id=world.inbox.pk,
            )
        )  # fmt: skip
    Ticket.objects.bulk_create(rows, batch_size=500)
    if connection.vendor == "postgresql":
        # There it is done by itself; on SQLite nobody does it.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return world


def read_by(run: Callable[[], Any]) -> list[str]:
    """What is wrong with the plans of the queries on tickets: whole tables, or sorts of many."""
    with CaptureQueriesContext(connection) as captured:
        run()
    wrong = []
    for query in captured.captured_queries:
        if "tickets_ticket" in query["sql"] and "EXPLAIN" not in query["sql"]:
            wrong += _faults(query["sql"])
    return wrong


def _faults(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            steps = [row[-1] for row in cursor.fetchall()]
            return [step for step in steps if re.fullmatch(r"SCAN tickets_ticket", step)]
        cursor.execute("EXPLAIN (FORMAT JSON, ANALYZE) " + sql.replace("%", "%%"))
        plan = cursor.fetchone()[0][0]["Plan"]
    return [f"{step['Node Type']} {step['Actual Rows']}" for step in _steps(plan) if _is_greedy(step)]


def _steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(step for below in plan.get("Plans", []) for step in _steps(below))]


def _is_greedy(step: dict[str, Any]) -> bool:
    read = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
    return step.get("Relation Name") == "tickets_ticket" and read * step["Actual Loops"] > READ_AT_MOST


@pytest.mark.parametrize("who", ["bo", "ana"])
def test_every_view_in_every_order_follows_an_index(world: World, who: str) -> None:
    viewer: Agent = getattr(world, who)
    views = ["all", "mine", "unassigned", "mentions", "important", "snoozed", "done", "drafts"]
    views += [f"team:{world.support.pk}", f"inbox:{world.inbox.pk}"]
    for view in views:
        assert read_by(lambda: page(viewer, view=view)) == [], view  # noqa: B023 (run at once)
    for order in ("waiting", "urgency", "created"):
        assert read_by(lambda: page(viewer, view="all", order=order)) == [], order  # noqa: B023
    cursor = page(viewer, view="all", size=20).next_cursor
    assert read_by(lambda: page(viewer, view="all", cursor=cursor, size=20)) == []


@pytest.mark.parametrize("by", ["status", "assignee", "team"])
@pytest.mark.parametrize("who", ["bo", "ana"])
def test_the_columns_of_a_board_follow_an_index(world: World, who: str, by: str) -> None:
    ids: dict[str, list[int | None]] = {
        "status": [status.pk for status in reference.statuses.all().values()],
        "assignee": [None, world.ana.pk, world.cleo.pk],
        "team": [world.support.pk, world.sales.pk],
    }
    viewer: Agent = getattr(world, who)
    for view in ("all", "open", "mine"):
        assert read_by(lambda: piles(viewer, view=view, query="", by=by, ids=ids[by], size=25)) == [], view  # noqa: B023 (run at once)


@pytest.mark.parametrize("who", ["bo", "ana"])
def test_counts_follow_an_index(world: World, who: str) -> None:
    assert read_by(lambda: counts(getattr(world, who))) == []


@pytest.mark.parametrize(
    "text", ["is:open", "status:nuevo", "assignee:me", "team:support is:new", "#17", "created:7d"]
)
def test_filters_follow_an_index(world: World, text: str) -> None:
    assert read_by(lambda: page(world.bo, query=text)) == []
