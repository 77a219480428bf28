"""Who could take a ticket, and the services as a tree: what the fields of a ticket offer to choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zaguan.people.models import Agent, Role
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.models import Service

_agents: Kept[Agent] = Kept(
    lambda: Agent.objects.filter(is_active=True).select_related("role").order_by("name", "id")
)
_members: Kept[Any] = Kept(lambda: Agent.teams.through.objects.all())


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent, and whether a ticket of the team in question is theirs by membership."""

    agent: Agent
    is_member: bool


def candidates(team_id: int | None) -> list[Candidate]:
    """Agents who may be given a ticket of this team, its members first."""
    members = {row.agent_id for row in _members.all().values() if row.team_id == team_id}
    found = [Candidate(a, a.pk in members) for a in _agents.all().values() if _may(a, team_id, members)]
    return sorted(found, key=lambda c: not c.is_member)


def _may(agent: Agent, team_id: int | None, members: set[int]) -> bool:
    return team_id is None or agent.scope == Role.Scope.ALL or agent.pk in members


def service_tree() -> list[tuple[int, Service]]:
    """The services that can be chosen, each after what it lies below, with its depth."""
    children: dict[int | None, list[Service]] = {}
    for service in reference.services.all().values():
        if service.archived_at is None:
            children.setdefault(service.parent_id, []).append(service)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[int, Service]]:
        for service in children.get(parent, []):
            yield depth, service
            yield from walk(service.pk, depth + 1)

    return list(walk(None, 0))


def service_path(service_id: int | None) -> str:
    """A service with those above it: "Hosting › Mail"."""
    labels: list[str] = []
    service = reference.services.get(service_id)
    while service is not None and len(labels) < 12:
        labels.append(service.label)
        service = reference.services.get(service.parent_id)
    return " › ".join(reversed(labels))


def candidate_sources() -> tuple[object, ...]:
    """New objects when `candidates` could answer differently."""
    return (_agents.all(), _members.all())
