"""What belongs to a ticket, for large families: asked as often as for small ones, and never of the whole table."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.flow import MOST_BESIDE, NEAR, flow_of
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.related import SIZE, groups_of

pytestmark = pytest.mark.django_db


def _family(world: World, children: int) -> Ticket:
    """A parent whose every child has a follow-up, and every third child is of another team."""
    parent = make_ticket(world)
    for turn in range(children):
        child = make_ticket(world, team=world.sales if turn % 3 == 2 else world.support)
        link(parent, child, Link.Kind.CHILD, by=world.bo)
        if turn < 3:
            link(child, make_ticket(world), Link.Kind.FOLLOW_UP, by=world.bo)
    return parent


def test_the_flow_of_a_large_family_asks_as_often_as_that_of_a_small_one(world: World) -> None:
    asked = []
    for children in (3, NEAR + 3):
        parent = _family(world, children)
        with CaptureQueriesContext(connection) as queries:
            flow = flow_of(parent, world.ana)
        asked.append(len(queries))
        center = flow.nodes[parent.pk]
        shown = [node for node in flow.nodes.values() if node.step == 1]
        looked_at = min(children, NEAR)
        assert len(shown) == min(looked_at - center.hidden, MOST_BESIDE)
        assert len(shown) + center.more_tickets + center.hidden == children
        assert all(node.row.team_id == world.support.pk for node in shown)
    assert asked[1] <= asked[0]


def test_related_tickets_are_counted_along_their_links(world: World) -> None:
    parent = _family(world, SIZE + 10)
    with CaptureQueriesContext(connection) as queries:
        (group,) = groups_of(parent, world.ana)
    assert (group.total, group.hidden, len(group.rows)) == (35, 11, 24)
    # All numbers that one may see would be written down for it.
    assert not any(" IN (SELECT" in query["sql"] for query in queries)
    assert len(queries) <= 8
