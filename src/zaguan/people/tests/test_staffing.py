"""Who manages agents does not become more than they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Role
from zaguan.people.staffing import change_agent, create_agent, save_role, set_password
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
GOOD = "otro-patio-con-limonero"


@pytest.fixture
def head(world: World) -> Agent:
    """Ana manages agents now, and administers nothing else."""
    role = Role.objects.create(name="Heads", permissions=["desk.use", "people.manage_agents"])
    return change_agent(world.ana, by=world.bo, role=role)


WAYS: dict[str, Callable[[World, Agent], Any]] = {
    "a new administrator": lambda w, a: create_agent(
        email="x@zaguan.example", name="X", role=w.bo.role, by=a
    ),
    "oneself": lambda w, a: change_agent(a, by=a, role=w.bo.role),
    "an administrator's address": lambda w, a: change_agent(w.bo, by=a, email="ana2@zaguan.example"),
    "an administrator's password": lambda w, a: set_password(w.bo, GOOD, by=a),
    "one's own role": lambda w, a: save_role(a.role, by=a, is_admin=True),
    "more permissions": lambda w, a: save_role(
        a.role, by=a, permissions=[*a.role.permissions, "conversations.manage_inboxes"]
    ),
    "all tickets": lambda w, a: save_role(a.role, by=a, ticket_scope="all"),
}


@pytest.mark.parametrize("way", WAYS)
def test_managing_agents_is_no_way_to_administer(world: World, head: Agent, way: str) -> None:
    with pytest.raises(Refused):
        WAYS[way](world, head)


def test_what_is_no_more_than_ones_own_can_be_given(world: World, head: Agent) -> None:
    set_password(world.cleo, GOOD, by=head)
    save_role(world.rita.role, by=head, permissions=["desk.use"], name="Lectura")
    assert change_agent(world.rita, by=head, name="Rita R.").name == "Rita R."
