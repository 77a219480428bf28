"""Who may get a ticket by a route, why, and why not the others. It only looks; giving stands in routing_giving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from zaguan.automation.models import Route
from zaguan.automation.routing_asks import Asked, skills
from zaguan.automation.routing_people import Worker, passed_by
from zaguan.lib.prepared import Prepared
from zaguan.tickets.because import Reason, language_name, reason
from zaguan.tickets.models import Link, Ticket

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Fit:
    """One agent and one ticket: `problem` says why not ("" when they may), `reasons` why."""

    worker: Worker
    problem: str = ""
    reasons: list[Reason] = field(default_factory=list)
    is_known: bool = False

    @property
    def may(self) -> bool:
        return not self.problem


@dataclass(frozen=True)
class Past:
    """What was between a ticket and the agents: who knows it or its customer, and who let go of it."""

    known: dict[int, str] = field(default_factory=dict)
    passed: frozenset[int] = frozenset()


def past_of(asked: Asked, route: Route, now: datetime) -> Past:
    """Read once for a ticket."""
    return Past(known_to(asked) if route.is_sticky else {}, frozenset(passed_by(asked.number, now)))


@dataclass(frozen=True)
class Wants:
    """What a ticket asks for here, as far as anybody of the team has it; what nobody has is not asked for."""

    language: str = ""
    skills: dict[int, int] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def lacks(self, worker: Worker) -> str:
        """What this agent cannot and another one of the team can; "" for nothing."""
        if self.language and self.language not in worker.languages:
            return _("does not speak %(language)s") % {"language": language_name(self.language)}
        for skill, level in self.skills.items():
            if worker.skills.get(skill, 0) < level:
                row = skills.all().get(skill)
                return _("does not know %(skill)s well enough") % {"skill": row.name if row else ""}
        return ""


def wants(asked: Asked, route: Route, team: Sequence[Worker]) -> Wants:
    """The language and the skills that count by this route."""
    found: list[Reason] = []
    language, able = "", {}
    if route.by_language and asked.language:
        language = asked.language if any(asked.language in each.languages for each in team) else ""
        found.append(reason("language" if language else "no_language", code=asked.language))
    for skill, level in asked.skills.items() if route.by_skill else ():
        if any(each.skills.get(skill, 0) >= level for each in team):
            able[skill] = level
        if (row := skills.all().get(skill)) is not None:
            found.append(reason("skill" if skill in able else "no_skill", name=row.name))
    return Wants(language, able, found)


def fits(asked: Asked, route: Route, workers: Sequence[Worker], past: Past) -> list[Fit]:
    """Each of them, those who may first and the best of them at the head."""
    wanted, weight = wants(asked, route, workers), asked.weight
    found = [
        Fit(each, wanted.lacks(each) or _problem(each, past, weight), is_known=each.agent.pk in past.known)
        for each in workers
    ]
    for each in found:
        each.reasons = _reasons(each, asked, route, wanted, past)
    return sorted(found, key=lambda each: _place(each, route))


_WORD = {Route.Strategy.IN_TURN: "turn", Route.Strategy.LEAST_LOAD: "load"}


def _reasons(each: Fit, asked: Asked, route: Route, wanted: Wants, past: Past) -> list[Reason]:
    worker = each.worker
    known = [reason(past.known[worker.agent.pk])] if each.is_known else []
    due = [reason("due", at=asked.due_at.isoformat())] if asked.due_at else []
    places = reason("places", taken=worker.taken, total=worker.total)
    word = None if each.is_known else _WORD.get(Route.Strategy(route.strategy))
    return [*known, *wanted.reasons, *due, places, *([reason(word)] if word else [])]


def _problem(worker: Worker, past: Past, weight: int) -> str:
    if not worker.is_present:
        busy = worker.agent.availability == worker.agent.Availability.BUSY
        return _("is busy") if busy else _("is not there")
    if worker.agent.pk in past.passed:
        return _("had this ticket a short time ago")
    return "" if worker.has_room(weight) else _("has no place left")


def _place(each: Fit, route: Route) -> tuple[object, ...]:
    worker = each.worker
    share = worker.share if route.strategy != Route.Strategy.IN_TURN else 0.0
    return (not each.may, not each.is_known, share, worker.given_at or _LONG_AGO, worker.agent.pk)


def known_to(asked: Asked) -> dict[int, str]:
    """The one agent who has the ticket that this one follows up, or who served its customer last."""
    if asked.number and (origin := _of_origin(asked.number)):
        return {origin[0][0]: "follows"}
    if asked.requester_id is None:
        return {}
    last = _served(asked.requester_id, asked.number)
    return {last[0][0]: "sticky"} if last else {}


_of_origin = Prepared(
    lambda number: Link.objects.filter(
        kind=Link.Kind.FOLLOW_UP, target_id=number, source__assignee__isnull=False
    ).values_list("source__assignee_id")[:1]
)
_served = Prepared(
    lambda contact, number: (
        Ticket.objects.filter(requester_id=contact, assignee__isnull=False)
        .exclude(pk=number)
        .order_by("-active_at")
        .values_list("assignee_id")[:1]
    ),
    2,
)
