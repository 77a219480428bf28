"""What waits, in a fair order, for an agent who has room: the nearest deadline, then urgency, then the longest wait."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q
from django.utils import timezone

from zaguan.automation.models import Passed, Route
from zaguan.automation.routing_asks import Asked, asked_for
from zaguan.automation.routing_fitting import lacking
from zaguan.automation.routing_people import Worker, described, workers_of
from zaguan.automation.routing_routes import active_routes, route_of
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, TicketQuerySet

AT_ONCE = 50
# So many are looked at in one go; a whole backlog that an agent cannot serve is not read to its end each time.
MOST = 1000
ORDER = (
    F("due_at").asc(nulls_last=True),
    F("urgency_rank").desc(),
    F("waiting_since").asc(nulls_last=True),
    F("id").asc(),
)


def queue_of(teams: Collection[int]) -> TicketQuerySet:
    """The unassigned tickets of these teams and of none, the first in turn at the head."""
    place = Q(team_id__in=teams) | Q(team_id=None)
    return Ticket.objects.filter(place, assignee=None, rank=0).order_by(*ORDER)


def served_teams(agent: Agent) -> set[int]:
    """The agent's teams."""
    return set(agent.team_ids())


class Team:
    """The workers of each team, read once."""

    def __init__(self) -> None:
        self._known: dict[int | None, list[Worker]] = {}

    def of(self, team_id: int | None) -> list[Worker]:
        """Those who answer for it."""
        if team_id not in self._known:
            self._known[team_id] = workers_of(team_id, timezone.now())
        return self._known[team_id]


def waiting_for(
    agent: Agent, *, besides: Collection[int] = (), by_hand: bool = False
) -> list[tuple[Ticket, Asked, Route | None]]:
    """Up to AT_ONCE waiting tickets that this agent can serve, in their order, with what they ask for.

    With `by_hand` also those that no route gives by itself, for an agent who asks.
    """
    if not by_hand and not active_routes():
        return []
    now, team = timezone.now(), Team()
    worker = described([agent], now)[0]
    passed = set(Passed.objects.filter(agent=agent, until__gt=now).values_list("ticket_id", flat=True))
    rows = (
        queue_of(served_teams(agent))
        .select_related("requester", "type", "urgency")
        .exclude(pk__in={*besides, *passed})
    )
    found: list[tuple[Ticket, Asked, Route | None]] = []
    for start in range(0, MOST, AT_ONCE):
        batch = list(rows[start : start + AT_ONCE])
        for ticket, asked in zip(batch, asked_for(batch), strict=True):
            route = route_of(ticket)
            if _is_for(asked, route, worker, team, by_hand=by_hand) and ticket.kind != "tracker":
                found.append((ticket, asked, route))
        if len(batch) < AT_ONCE or len(found) >= AT_ONCE:
            break
    return found[:AT_ONCE]


def _is_for(asked: Asked, route: Route | None, worker: Worker, team: Team, *, by_hand: bool) -> bool:
    if route is None or (route.strategy == Route.Strategy.BY_HAND and not by_hand):
        return by_hand and route is None
    return not lacking(asked, route, worker, team.of(asked.team_id))
