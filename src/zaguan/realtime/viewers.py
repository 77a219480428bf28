"""Gate 2 for streams: who may hear of a ticket, decided in memory by the same rule as Ticket.visible_to (a test compares)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from zaguan.people.models import Agent, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """What decides what an agent hears of."""

    agent_id: int
    is_admin: bool
    scope: str
    teams: frozenset[int]
    permissions: frozenset[str]

    def hears(self, team_id: int | None, assignee_id: int | None) -> bool:
        """Whether a ticket of that team and assignee is visible to this agent."""
        if self.is_admin or self.scope == Role.Scope.ALL:
            return True
        if self.scope == Role.Scope.OWN:
            return assignee_id == self.agent_id
        return team_id is None or team_id in self.teams or assignee_id == self.agent_id

    def may(self, permission: str) -> bool:
        """Whether the role allows it."""
        return self.is_admin or permission in self.permissions


def load_viewers(agent_ids: Iterable[int]) -> dict[int, Viewer]:
    """The agents who may use the desk now, by id."""
    ids = list(agent_ids)
    teams: dict[int, set[int]] = defaultdict(set)
    for agent_id, team_id in Agent.teams.through.objects.filter(agent_id__in=ids).values_list(
        "agent_id", "team_id"
    ):
        teams[agent_id].add(team_id)
    agents = Agent.objects.filter(pk__in=ids, is_active=True).select_related("role")
    found = {agent.pk: _viewer(agent, teams[agent.pk]) for agent in agents}
    return {pk: viewer for pk, viewer in found.items() if viewer.may("desk.use")}


def _viewer(agent: Agent, teams: set[int]) -> Viewer:
    role = agent.role
    return Viewer(agent.pk, role.is_admin, agent.scope, frozenset(teams), frozenset(role.permissions))
