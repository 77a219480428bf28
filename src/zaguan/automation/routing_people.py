"""The agents of a team, as far as distribution is concerned: who is there, what they can and carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, QuerySet

from zaguan.automation.models import Load, Passed
from zaguan.automation.routing_asks import needs
from zaguan.people.availability import is_present
from zaguan.people.capacity import total_of, weight_of
from zaguan.people.models import Agent, AgentSkill
from zaguan.people.skills import languages_of
from zaguan.tickets.models import Ticket

REPLY = "conversations.reply"
_COLUMNS = (
    *(
        "name",
        "email",
        "language",
        "languages",
        "capacity",
        "availability",
        "seen_at",
        "returns_to",
        "is_active",
    ),
    *(
        "role__name",
        "role__is_admin",
        "role__permissions",
        "role__ticket_scope",
        "load__given_at",
        "load__agent",
    ),
)


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

    @property
    def share(self) -> float:
        """How full they are, from 0 to 1."""
        return self.taken / self.total if self.total else 1.0

    def has_room(self, weight: int) -> bool:
        return self.taken + weight <= self.total


def workers_of(team_id: int | None, now: datetime) -> list[Worker]:
    """Those who answer for a team, or for any when there is none; a few questions, however many they are."""
    agents = _agents().order_by("name", "pk")
    agents = (
        agents.filter(teams__isnull=False).distinct() if team_id is None else agents.filter(teams=team_id)
    )
    return described([agent for agent in agents if agent.can(REPLY)], now)


def described(agents: Iterable[Agent], now: datetime) -> list[Worker]:
    """These agents as they are now."""
    found = list(agents)
    numbers = [agent.pk for agent in found]
    skills, taken = _skills(numbers), taken_by(numbers)
    return [
        Worker(
            agent=agent,
            is_present=is_present(agent.availability, agent.seen_at, now),
            languages=languages_of(agent),
            total=total_of(agent),
            taken=taken.get(agent.pk, 0),
            skills=skills.get(agent.pk, {}),
            given_at=_given_at(agent),
        )
        for agent in found
    ]


def looked_at_again(workers: Iterable[Worker], now: datetime) -> list[Worker]:
    """The same ones with what changes from one moment to the next: presence, load, when they were last given something."""
    before = {worker.agent.pk: worker for worker in workers}
    rows = Agent.objects.filter(pk__in=before, is_active=True)
    fresh = rows.values_list("pk", "availability", "seen_at", "load__given_at")
    taken = taken_by(list(before))
    return [
        replace(
            before[pk],
            is_present=is_present(availability, seen_at, now),
            taken=taken.get(pk, 0),
            given_at=given_at,
        )
        for pk, availability, seen_at, given_at in fresh
    ]


def worker_named(agent_id: int, now: datetime) -> Worker | None:
    """One agent, if they are there."""
    agent = _agents().filter(pk=agent_id).first()
    if agent is None or not is_present(agent.availability, agent.seen_at, now):
        return None
    return described([agent], now)[0]


def passed_by(number: int, now: datetime) -> set[int]:
    """Who let go of this ticket a short time ago."""
    rows = Passed.objects.filter(ticket_id=number, until__gt=now) if number else Passed.objects.none()
    return set(rows.values_list("agent_id", flat=True))


def _agents() -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True).select_related("role", "load").only(*_COLUMNS)


def _given_at(agent: Agent) -> datetime | None:
    load: Load | None = getattr(agent, "load", None)
    return load.given_at if load else None


def taken_by(agents: list[int]) -> dict[int, int]:
    """What each carries: their tickets that are new or open, by the weight of their channels."""
    rows = Ticket.objects.filter(assignee_id__in=agents, rank=0).order_by()
    sums: dict[int, int] = defaultdict(int)
    for agent, channel, count in rows.values_list("assignee_id", "channel").annotate(count=Count("pk")):
        sums[agent] += weight_of(channel) * count
    return sums


def _skills(agents: list[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if not needs.all():
        return found
    rows = AgentSkill.objects.filter(agent_id__in=agents, skill__archived_at=None)
    for agent, skill, level in rows.values_list("agent_id", "skill_id", "level"):
        found[agent][skill] = level
    return found
