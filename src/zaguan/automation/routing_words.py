"""A route in words, and who would get the next ticket by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.automation.models import Route, SkillNeed
from zaguan.automation.routing_asks import Asked
from zaguan.automation.routing_fitting import Fit, fits, past_of
from zaguan.automation.routing_hours import opening, works
from zaguan.automation.routing_people import Worker, workers_of
from zaguan.people.models import Agent, AgentSkill, Skill, Team


def sentences(route: Route) -> list[str]:
    """What the route does, one sentence each."""
    found = [_which(route), _to_whom(route)]
    if route.strategy != Route.Strategy.BY_HAND:
        found += _choices(route)
    if route.timeout_minutes:
        found.append(_timeout(route))
    if route.overflow_team is not None:
        text = ngettext(
            "What nobody takes in %(count)d minute goes to %(team)s.",
            "What nobody takes in %(count)d minutes goes to %(team)s.",
            route.overflow_minutes,
        )
        found.append(text % {"count": route.overflow_minutes, "team": route.overflow_team.name})
    return found


def _timeout(route: Route) -> str:
    count = route.timeout_minutes
    if route.in_hours:
        text = ngettext(
            "Whoever does nothing for %(count)d working minute loses it to somebody else.",
            "Whoever does nothing for %(count)d working minutes loses it to somebody else.",
            count,
        )
    else:
        text = ngettext(
            "Whoever does nothing for %(count)d minute loses it to somebody else.",
            "Whoever does nothing for %(count)d minutes loses it to somebody else.",
            count,
        )
    return text % {"count": count}


def _which(route: Route) -> str:
    values = {"team": route.team.name if route.team else "", "query": route.query}
    if route.team is not None and route.query:
        return _("Tickets of %(team)s that “%(query)s” finds.") % values
    if route.team is not None:
        return _("All tickets of %(team)s.") % values
    return _("Tickets that “%(query)s” finds.") % values


def _to_whom(route: Route) -> str:
    return {
        Route.Strategy.IN_TURN: _("They go to those who are there, in turn."),
        Route.Strategy.LEAST_LOAD: _("They go to whoever is there and has least to do."),
        Route.Strategy.BY_HAND: _("They wait until somebody takes them."),
    }[Route.Strategy(route.strategy)]


def _choices(route: Route) -> list[str]:
    chosen = [
        (route.is_sticky, _("First to whoever served this customer last.")),
        (route.by_language, _("Only to who speaks the customer’s language.")),
        (route.by_skill, _("Only to who has the skills that the ticket asks for.")),
        (route.in_hours, _("Only in the team’s working hours.")),
        (route.leaves_absent, _("What comes back to somebody who is away goes to another one.")),
        (
            route.evens_out,
            _("What nobody has touched goes from whoever has most to do to somebody who has much less."),
        ),
    ]
    return [sentence for holds, sentence in chosen if holds]


@dataclass(frozen=True)
class Preview:
    """Who would get a ticket now: the best at the head, then why not the others. `opens_at`: nobody before that."""

    fits: list[Fit]
    by_hand: bool = False
    is_closed: bool = False
    opens_at: datetime | None = None

    @property
    def chosen(self) -> Fit | None:
        free = not self.by_hand and not self.is_closed and self.fits and self.fits[0].may
        return self.fits[0] if free else None


def preview(route: Route, asked: Asked) -> Preview:
    """What the route would do with such a ticket at this moment."""
    now = timezone.now()
    found = fits(asked, route, workers_of(asked.team_id, now), past_of(asked, route, now))
    closed = not works(route, asked.team_id, now)
    by_hand = route.strategy == Route.Strategy.BY_HAND
    return Preview(found, by_hand, closed, opening(asked.team_id, now) if closed else None)


def loads_of(team: Team) -> list[Worker]:
    """How much everybody of a team carries now, by name."""
    return workers_of(team.pk, timezone.now())


def needs_of(skill: Skill) -> list[SkillNeed]:
    """What asks for a skill."""
    return list(SkillNeed.objects.filter(skill=skill).select_related("category", "service", "type", "tag"))


def abilities_of(agents: list[Agent]) -> dict[int, list[tuple[Skill, int]]]:
    """The skills of these agents with their levels, by agent."""
    found: dict[int, list[tuple[Skill, int]]] = {agent.pk: [] for agent in agents}
    rows = AgentSkill.objects.filter(agent__in=agents, skill__archived_at=None).select_related("skill")
    for row in rows.order_by("skill__name"):
        found[row.agent_id].append((row.skill, row.level))
    return found
