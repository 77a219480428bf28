"""The cast: who exists in tests, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaguan.conversations.models import Inbox
from zaguan.events.base import SYSTEM
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, Role, Team
from zaguan.testing.lists import fill_lists

PASSWORD = "patio-con-limonero"


@dataclass
class World:
    """Ana answers for Support, Bo administers, Cleo is in another team, Rita only reads; Dan is a customer, Eve a stranger."""

    support: Team
    sales: Team
    inbox: Inbox
    ana: Agent
    bo: Agent
    cleo: Agent
    rita: Agent
    dan: Contact
    eve: Contact


def _agent(name: str, role: Role, team: Team | None, **fields: Any) -> Agent:
    agent = Agent.objects.create_agent(
        f"{name.lower()}@zaguan.example", PASSWORD, name=name, role=role, language="en", **fields
    )
    if team:
        agent.teams.add(team)
    return agent


def make_world() -> World:
    """The cast on a migrated database; roles and lists are made when a test flushed them away."""
    fill_lists()
    roles = {role.name: role for role in Role.objects.all()}
    support, sales = Team.objects.create(name="Support"), Team.objects.create(name="Sales")
    return World(
        support=support,
        sales=sales,
        inbox=Inbox.objects.create(
            kind="email", name="Support mail", address="help@zaguan.example", team=support
        ),
        ana=_agent("Ana", roles["Agente"], support),
        bo=_agent("Bo", roles["Administración"], None),
        cleo=_agent("Cleo", roles["Agente"], sales),
        rita=_agent("Rita", roles["Consulta"], support),
        dan=contact_for_email("dan@customer.example", "Dan Díaz", by=SYSTEM),
        eve=contact_for_email("eve@stranger.example", "Eve Evans", by=SYSTEM),
    )
