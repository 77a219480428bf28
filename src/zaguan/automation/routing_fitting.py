"""Who may get a ticket by a route, why, and why not the others. It only looks; giving stands in routing_giving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from zaguan.automation.models import Route
from zaguan.automation.routing_asks import Asked, skills
from zaguan.automation.routing_people import Worker, passed_by
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


def fits(asked: Asked, route: Route, workers: Sequence[Worker], past: Past) -> list[Fit]:
    """Each of them, those who may first and the best of them at the head."""
    found = [fit(asked, route, worker, workers, past) for worker in workers]
    return sorted(found, key=lambda each: _place(each, route))


def fit(asked: Asked, route: Route, worker: Worker, team: Sequence[Worker], past: Past) -> Fit:
    """One of the team."""
    made = Fit(worker, _problem(asked, route, worker, team, past))
    if how := past.known.get(worker.agent.pk):
        made.is_known = True
        made.reasons.append(reason(how))
    made.reasons += abilities(asked, route, team)
    made.reasons.append(reason("places", taken=worker.taken, total=worker.total))
    word = {Route.Strategy.IN_TURN: "turn", Route.Strategy.LEAST_LOAD: "load"}.get(
        Route.Strategy(route.strategy)
    )
    if word and not made.is_known:
        made.reasons.append(reason(word))
    return made


def abilities(asked: Asked, route: Route, team: Sequence[Worker]) -> list[Reason]:
    """The language and the skills that count here. What nobody of the team has is not asked for."""
    found: list[Reason] = []
    if route.by_language and asked.language:
        spoken = any(asked.language in each.languages for each in team)
        found.append(reason("language" if spoken else "no_language", code=asked.language))
    for skill, level in asked.skills.items() if route.by_skill else ():
        row = skills.all().get(skill)
        if row is not None:
            known = any(each.skills.get(skill, 0) >= level for each in team)
            found.append(reason("skill" if known else "no_skill", name=row.name))
    return found


def _problem(asked: Asked, route: Route, worker: Worker, team: Sequence[Worker], past: Past) -> str:
    if lacks := lacking(asked, route, worker, team):
        return lacks
    if not worker.is_present:
        busy = worker.agent.availability == worker.agent.Availability.BUSY
        return _("is busy") if busy else _("is not there")
    if worker.agent.pk in past.passed:
        return _("had this ticket a short time ago")
    return "" if worker.has_room(asked.weight) else _("has no place left")


def lacking(asked: Asked, route: Route, worker: Worker, team: Sequence[Worker]) -> str:
    """What this agent cannot and another one of the team can; "" for nothing."""
    language = asked.language if route.by_language else ""
    if language and language not in worker.languages and any(language in each.languages for each in team):
        return _("does not speak %(language)s") % {"language": language_name(language)}
    for skill, level in asked.skills.items() if route.by_skill else ():
        if worker.skills.get(skill, 0) < level and any(each.skills.get(skill, 0) >= level for each in team):
            row = skills.all().get(skill)
            return _("does not know %(skill)s well enough") % {"skill": row.name if row else ""}
    return ""


def _place(each: Fit, route: Route) -> tuple[object, ...]:
    worker = each.worker
    share = worker.share if route.strategy != Route.Strategy.IN_TURN else 0.0
    return (not each.may, not each.is_known, share, worker.given_at or _LONG_AGO, worker.agent.pk)


def known_to(asked: Asked) -> dict[int, str]:
    """The one agent who has the ticket that this one follows up, or who served its customer last."""
    if asked.number:
        links = Link.objects.filter(kind=Link.Kind.FOLLOW_UP, target_id=asked.number)
        before = links.exclude(source__assignee=None).values_list("source__assignee_id", flat=True)
        origin = before.first()
        if origin is not None:
            return {origin: "follows"}
    if asked.requester_id is None:
        return {}
    tickets = Ticket.objects.filter(requester_id=asked.requester_id).exclude(pk=asked.number)
    served = tickets.exclude(assignee=None).order_by("-active_at").values_list("assignee_id", flat=True)
    last = served.first()
    return {last: "sticky"} if last is not None else {}
