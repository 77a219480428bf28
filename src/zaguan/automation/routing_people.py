"""The agents of a team, as far as distribution is concerned: who is there, what they can and carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from zaguan.automation.models import Load, Passed
from zaguan.people.availability import present
from zaguan.people.capacity import total_of, weight_of
from zaguan.people.models import Agent, AgentSkill
from zaguan.people.skills import languages_of
from zaguan.tickets.models import Ticket

REPLY = "conversations.reply"


@dataclass
class Worker:
    """One agent now."""

    agent: Agent
    is_present: bool
    languages: list[str]
    total: int
    taken: int = 0
    skills: dict[int, int] = field(default_factory=dict)
    given_at: datetime | None = None
    # Whether they let go of the ticket in question a short time ago.
    passed: bool = False

    @property
    def share(self) -> float:
        """How full they are, from 0 to 1."""
        return self.taken / self.total if self.total else 1.0

    def has_room(self, weight: int) -> bool:
        return self.taken + weight <= self.total


def workers_of(team_id: int | None, now: datetime, number: int = 0) -> list[Worker]:
    """Those who answer for a team, or for any when there is none. Six questions, however many they are."""
    agents = Agent.objects.filter(is_active=True).select_related("role").order_by("name", "pk")
    agents = (
        agents.filter(teams__isnull=False).distinct() if team_id is None else agents.filter(teams=team_id)
    )
    return described([agent for agent in agents if agent.can(REPLY)], now, number)


def described(agents: Iterable[Agent], now: datetime, number: int = 0) -> list[Worker]:
    """These agents as they are now; `number` is the ticket that they may have passed."""
    found = {agent.pk: agent for agent in agents}
    there = set(Agent.objects.filter(present(now), pk__in=found).values_list("pk", flat=True))
    skills, taken = _skills(list(found)), taken_by(list(found))
    given = dict(Load.objects.filter(agent_id__in=found).values_list("agent_id", "given_at"))
    passed = set(Passed.objects.filter(ticket_id=number, until__gt=now).values_list("agent_id", flat=True))
    return [
        Worker(
            agent=agent,
            is_present=pk in there,
            languages=languages_of(agent),
            total=total_of(agent),
            taken=taken.get(pk, 0),
            skills=skills.get(pk, {}),
            given_at=given.get(pk),
            passed=pk in passed,
        )
        for pk, agent in found.items()
    ]


def taken_by(agents: list[int]) -> dict[int, int]:
    """What each carries: their tickets that are new or open, by the weight of their channels."""
    rows = Ticket.objects.filter(assignee_id__in=agents, rank=0).order_by()
    sums: dict[int, int] = defaultdict(int)
    for agent, channel, count in rows.values_list("assignee_id", "channel").annotate(count=Count("pk")):
        sums[agent] += weight_of(channel) * count
    return sums


def _skills(agents: list[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = AgentSkill.objects.filter(agent_id__in=agents, skill__archived_at=None)
    for agent, skill, level in rows.values_list("agent_id", "skill_id", "level"):
        found[agent][skill] = level
    return found
