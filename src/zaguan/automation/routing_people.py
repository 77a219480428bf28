"""The agents of a team, as far as distribution is concerned: who is there, what they can and carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, QuerySet

from zaguan.automation.models import Load, Passed
from zaguan.automation.routing_asks import needs
from zaguan.lib.many import PreparedMany
from zaguan.lib.prepared import Prepared, PreparedRows
from zaguan.people import reference
from zaguan.people.availability import is_present
from zaguan.people.capacity import total_of, weight_of
from zaguan.people.models import Agent, AgentSkill
from zaguan.people.skills import languages_of
from zaguan.tickets.models import Ticket

REPLY = "conversations.reply"
# Long, and nobody here asks for them.
_LEFT_OUT = ("password", "signature", "preferences", "time_zone")


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
    # Whether there is a row to lock before they are given something.
    has_load: bool = False

    @property
    def share(self) -> float:
        """How full they are, from 0 to 1."""
        return self.taken / self.total if self.total else 1.0

    def has_room(self, weight: int) -> bool:
        return self.taken + weight <= self.total


def workers_of(team_id: int | None, now: datetime) -> list[Worker]:
    """Those who answer for a team, or for any when there is none; a few questions, however many they are."""
    agents = _of_any_team() if team_id is None else _of_team(team_id)
    return described([agent for agent in map(_with_role, agents) if agent.can(REPLY)], now)


def described(agents: Iterable[Agent], now: datetime) -> list[Worker]:
    """These agents as they are now."""
    found = list(agents)
    numbers = [agent.pk for agent in found]
    skills, taken, given = _skills(numbers), taken_by(numbers), dict(_given_at(numbers))
    return [
        Worker(
            agent=agent,
            is_present=is_present(agent.availability, agent.seen_at, now),
            languages=languages_of(agent),
            total=total_of(agent),
            taken=taken.get(agent.pk, 0),
            skills=skills.get(agent.pk, {}),
            given_at=given.get(agent.pk),
            has_load=agent.pk in given,
        )
        for agent in found
    ]


def looked_at_again(workers: Iterable[Worker], now: datetime) -> list[Worker]:
    """The same ones with what changes from one moment to the next: presence, load, when they were last given something."""
    before = {worker.agent.pk: worker for worker in workers}
    numbers = list(before)
    taken, given = taken_by(numbers), dict(_given_at(numbers))
    return [
        replace(
            before[pk],
            is_present=is_present(availability, seen_at, now),
            taken=taken.get(pk, 0),
            given_at=given.get(pk),
        )
        for pk, availability, seen_at in _seen(numbers)
    ]


def worker_named(agent_id: int, now: datetime) -> Worker | None:
    """One agent, if they are there."""
    agent = next(iter(_named(agent_id)), None)
    if agent is None or not is_present(agent.availability, agent.seen_at, now):
        return None
    return described([_with_role(agent)], now)[0]


def passed_by(number: int, now: datetime) -> set[int]:
    """Who let go of this ticket a short time ago."""
    return {agent for agent, until in _passed(number) if until > now} if number else set()


def taken_by(agents: list[int]) -> dict[int, int]:
    """What each carries: their tickets that are new or open, by the weight of their channels."""
    sums: dict[int, int] = defaultdict(int)
    for agent, channel, count in _counted(agents):
        sums[agent] += weight_of(channel) * count
    return sums


def _with_role(agent: Agent) -> Agent:
    """The role as it is kept: shared, and read by many."""
    if (role := reference.roles.get(agent.role_id)) is not None:
        agent.role = role
    return agent


def _skills(agents: list[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if not needs.all():
        return found
    for agent, skill, level in _able(agents):
        found[agent][skill] = level
    return found


def _agents() -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True).defer(*_LEFT_OUT).order_by("name", "pk")


# Asked for each ticket that is given, some of them twice: their SQL is made once.
_of_team = PreparedRows(lambda team: _agents().filter(teams=team))
_of_any_team = PreparedRows(lambda: _agents().filter(teams__isnull=False).distinct(), 0)
_named = PreparedRows(lambda number: _agents().filter(pk=number))
_seen = PreparedMany(
    lambda numbers: (
        Agent.objects.filter(pk__in=numbers, is_active=True)
        .order_by()
        .values_list("pk", "availability", "seen_at")
    )
)
_given_at = PreparedMany(
    lambda numbers: Load.objects.filter(agent_id__in=numbers).values_list("agent_id", "given_at")
)
_passed = Prepared(lambda number: Passed.objects.filter(ticket_id=number).values_list("agent_id", "until"))
_counted = PreparedMany(
    lambda numbers: (
        Ticket.objects.filter(assignee_id__in=numbers, rank=0)
        .order_by()
        .values_list("assignee_id", "channel")
        .annotate(count=Count("pk"))
    )
)
_able = PreparedMany(
    lambda numbers: AgentSkill.objects.filter(agent_id__in=numbers, skill__archived_at=None).values_list(
        "agent_id", "skill_id", "level"
    )
)
