"""Lists by the nearest deadline, and filters by how promises stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.sla.tests.promising import make_policy, target
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.columns import COLUMNS
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.listing import branches, page
from zaguan.tickets.models import Ticket
from zaguan.tickets.ordering import ORDERS, read_cursor
from zaguan.tickets.selections import selection_for

pytestmark = pytest.mark.django_db
SIZE = 20


def due_in(world: World, hours: float, state: str = "ontrack", **fields: Any) -> Ticket:
    ticket = make_ticket(world, **fields)
    due = timezone.now() + timedelta(hours=hours)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=due, due_kind="first", sla_state=state)
    return ticket


def numbers(viewer: Agent, **asked: Any) -> list[int]:
    return [row.number for row in page(viewer, **asked).rows]


def test_the_nearest_deadline_comes_first_page_by_page(world: World) -> None:
    late, soon, later = (due_in(world, hours).pk for hours in (-1, 1, 5))
    make_ticket(world)
    assert numbers(world.ana, order="due") == [late, soon, later]
    first = page(world.ana, order="due", size=2)
    assert numbers(world.ana, order="due", size=2, cursor=first.next_cursor) == [later]


def test_filters_ask_for_states_deadlines_and_policies(world: World) -> None:
    make_policy(target("first", 4), query="channel:phone", name="Llamadas")
    late, soon = due_in(world, -1, "breached"), due_in(world, 1, "risk")
    call = make_ticket(world, channel="phone")
    none = make_ticket(world)
    found = {
        text: sorted(Ticket.objects.filter(parse(text, world.bo).q).values_list("pk", flat=True))
        for text in (
            "sla:breached",
            "sla:riesgo",
            "sla:none",
            "due:<2h",
            "due:overdue",
            'policy:"Llamadas"',
            "policy:none",
        )
    }
    assert found == {
        "sla:breached": [late.pk],
        "sla:riesgo": [soon.pk],
        "sla:none": [none.pk],
        "due:<2h": [late.pk, soon.pk],
        "due:overdue": [late.pk],
        'policy:"Llamadas"': [call.pk],
        "policy:none": [late.pk, soon.pk, none.pk],
    }
    assert parse("sla:nada", world.bo).problems


def test_tables_show_deadline_and_state(world: World) -> None:
    ticket = due_in(world, 1, "risk")
    (row,) = page(world.ana, order="due").rows
    ticket.refresh_from_db()
    assert COLUMNS["due"].value(row) == ticket.due_at
    assert COLUMNS["sla"].value(row)


def plans(viewer: Agent, view: str, key: list[Any]) -> list[str]:
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    order, found = ORDERS["due"], []
    for part in branches(viewer, selection_for(viewer, view), Query(), order, key):
        sql, values = part.values_list(*order.names)[:SIZE].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(how + sql, values)
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


@pytest.mark.parametrize("who", ["bo", "ana"])
@pytest.mark.parametrize("view", ["all", "open", "mine", "team"])
def test_each_part_of_the_order_walks_along_an_index(world: World, who: str, view: str) -> None:
    pattern, now = make_ticket(world), timezone.now()
    Ticket.objects.bulk_create(
        [
            Ticket(
                subject=str(n), requester=world.dan, team=[world.support, world.sales][n % 2], status=pattern.status,
                assignee=[world.ana, world.cleo, None][n % 3], created_at=now, updated_at=now, active_at=now,
                due_at=now + timedelta(minutes=n) if n % 4 else None, channel="email",
            )
            for n in range(3000)
        ],
        batch_size=500,
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    viewer: Agent = getattr(world, who)
    name = f"team:{world.support.pk}" if view == "team" else view
    following = page(viewer, view=name, order="due", size=SIZE).next_cursor
    key = read_cursor(ORDERS["due"], following) if following else []
    parts = [*plans(viewer, name, []), *plans(viewer, name, key)]
    if connection.vendor == "sqlite":
        assert all("INDEX tickets_due" in plan and "TEMP B-TREE" not in plan for plan in parts), parts
    else:
        # There it may take another one where few are left, and knows how few.
        assert "tickets_due" in parts[0], parts[0]
        assert "Sort" not in parts[0], parts[0]
