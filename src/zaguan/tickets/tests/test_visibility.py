"""The row gate: what the query says and what a row at hand says are the same."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from zaguan.people.models import Role
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import make_world
from zaguan.tickets.models import Ticket, View


@pytest.mark.django_db
def test_query_and_ticket_agree_for_every_role_and_place() -> None:
    world = make_world()
    places = itertools.product((world.support, world.sales, None), (world.ana, world.cleo, None))
    tickets = []
    for team, agent in places:
        ticket = make_ticket(world, team=team)
        # Also places to which no verb leads any more.
        ticket.assignee = agent
        ticket.save(update_fields=["assignee"])
        tickets.append(ticket)
    own = Role.objects.create(name="Own", ticket_scope="own", permissions=["desk.use"])
    none = Role.objects.create(name="None", ticket_scope="all", permissions=[])
    viewers = [world.ana, world.bo, world.cleo, world.rita]
    for viewer, role, by_next in itertools.product(viewers, [None, own, none], [False, True]):
        viewer.role, viewer.works_by_next = role or viewer.role, by_next
        seen = set(Ticket.objects.visible_to(viewer).values_list("pk", flat=True))
        assert {t.pk for t in tickets if t.is_known_to(viewer)} == seen


@pytest.mark.django_db
def test_query_and_saved_view_agree() -> None:
    world = make_world()
    owners: list[dict[str, Any]] = [
        {"owner": world.ana},
        {"owner": world.cleo},
        {"team": world.support},
        {"team": world.sales},
        {},
    ]
    views = [View.objects.create(name=str(place), **whose) for place, whose in enumerate(owners)]
    for viewer in (world.ana, world.bo, world.cleo, world.rita):
        seen = set(View.objects.visible_to(viewer).values_list("pk", flat=True))
        assert {view.pk for view in views if view.is_visible_to(viewer)} == seen
