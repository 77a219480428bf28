"""The columns of a board hold what the list shows with the column's filter, and are found in a few questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets import reference
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import edit
from zaguan.tickets.listing import page
from zaguan.tickets.models import Phase, View
from zaguan.tickets.piles import piles
from zaguan.tickets.selections import UnknownView
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
SIZE = 3


@pytest.fixture
def full(world: World) -> World:
    """Tickets of two teams in several statuses, with and without an assignee and an urgency."""
    urgency = next(iter(reference.urgencies.all().values()))
    for n in range(24):
        ticket = make_ticket(world, subject=f"Caso {n}", team=[world.support, world.sales][n % 2])
        if n % 3:
            assign(ticket, [world.ana, world.cleo][n % 2], by=world.bo)
        if n % 4 == 0:
            edit(ticket, urgency=urgency, by=world.bo)
        if n % 5 == 0:
            set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.bo)
        if n % 7 == 0:
            set_status(ticket, default_status(Phase.RESOLVED), by=world.bo)
    return world


def _columns(world: World) -> dict[str, list[tuple[int | None, str]]]:
    """Each column with the filter that says the same."""
    people = [(agent.pk, f"assignee:{agent.email}") for agent in (world.ana, world.bo, world.cleo)]
    return {
        "status": [(s.pk, f"status:#{s.pk}") for s in reference.statuses.all().values()],
        "assignee": [(None, "assignee:none"), *people],
        "team": [(team.pk, f'team:"{team.name}"') for team in reference.teams.all().values()],
        "urgency": [(u.pk, f'urgency:"{u.name}"') for u in reference.urgencies.all().values()],
    }


@pytest.mark.parametrize("query", ["", "caso is:open"])
@pytest.mark.parametrize("who", ["bo", "ana", "cleo", "rita"])
def test_a_column_holds_what_its_filter_finds(full: World, who: str, query: str) -> None:
    viewer: Agent = getattr(full, who)
    saved = View.objects.create(name="Mías", owner=viewer, query="is:open", order="created")
    for view in ("all", "mine", f"team:{full.support.pk}", f"saved:{saved.pk}"):
        for by, columns in _columns(full).items():
            ids = [each for each, _text in columns]
            found = piles(viewer, view=view, query=query, by=by, ids=ids, size=SIZE)
            for one, (_each, text) in zip(found, columns, strict=True):
                same = page(viewer, view=view, query=f"{query} {text}", size=SIZE)
                assert [r.id for r in one.rows] == [r.id for r in same.rows], (view, text)
                assert one.next_cursor == same.next_cursor


def test_the_same_sql_serves_other_people(full: World) -> None:
    """Prepared for one agent's colleagues, run for another's."""
    for viewer, ids in (
        (full.bo, [full.ana.pk, None]),
        (full.bo, [full.cleo.pk, None]),
        (full.ana, [full.ana.pk, None]),
    ):
        found = piles(viewer, view="all", query="", by="assignee", ids=ids, size=50)
        assert {row.assignee_id for row in found[0].rows} == {ids[0]}
        assert {row.assignee_id for row in found[1].rows} == {None}


def test_a_board_asks_as_much_as_a_list(
    full: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    ids = [status.pk for status in reference.statuses.all().values()]
    page(full.ana, size=SIZE)
    with django_assert_max_num_queries(6):
        piles(full.ana, view="all", query="", by="status", ids=ids, size=SIZE)


def test_a_view_that_is_not_there(full: World) -> None:
    with pytest.raises(UnknownView):
        piles(full.ana, view="saved:999", query="", by="status", ids=[], size=SIZE)
