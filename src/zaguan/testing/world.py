"""The cast: who exists in tests, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps

from zaguan.conversations.models import Inbox
from zaguan.events.base import SYSTEM
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, Role, Team

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


def fill_lists() -> None:
    """Roles and lists of a new desk, where a test that commits flushed them away."""
    if Role.objects.exists():
        return
    filling = (
        ("people", "0002_default_roles"),
        ("tickets", "0002_default_lists"),
        ("tickets", "0010_default_party_roles"),
        ("tickets", "0012_default_time_activities"),
        ("people", "0006_time_and_plans_in_roles"),
        ("people", "0007_merging_and_trash_in_roles"),
        ("people", "0008_asking_outside_in_roles"),
    )
    for app, name in filling:
        import_module(f"zaguan.{app}.migrations.{name}").fill(apps, None)


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
