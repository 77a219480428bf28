"""What waits, in a fair order, for an agent who has room: the nearest deadline, then urgency, then the longest wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from zaguan.automation.models import Passed, Route
from zaguan.automation.routing_asks import Asked, asked_for
from zaguan.automation.routing_fitting import wants
from zaguan.automation.routing_people import Worker, described, workers_of
from zaguan.automation.routing_routes import active_routes, route_of
from zaguan.lib.many import PreparedMany
from zaguan.people.models import Agent, Role
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


# What is read of each of them; all else would be read for nothing.
_COLUMNS = (
    "team_id", "channel", "category_id", "service_id", "urgency_id", "urgency_rank", "due_at", "waiting_since",
    "created_at", "requester__language", "type__category",
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A ticket that an agent can serve, what it asks for, and its route."""

    ticket: Ticket
    asked: Asked
    route: Route | None


class Teams:
    """The workers of each team, read once."""

    def __init__(self) -> None:
        self._known: dict[int | None, list[Worker]] = {}

    def of(self, team_id: int | None) -> list[Worker]:
        """Those who answer for it."""
        if team_id not in self._known:
            self._known[team_id] = workers_of(team_id, timezone.now())
        return self._known[team_id]


def queue_of(agent: Agent) -> TicketQuerySet:
    """The unassigned tickets of the agent's teams and of none, the first in turn at the head."""
    place = Q(team_id__in=agent.team_ids())
    if agent.scope != Role.Scope.OWN:
        place |= Q(team_id=None)
    return Ticket.objects.filter(place, assignee=None, rank=0).order_by(*ORDER)


def waiting_for(agent: Agent, *, besides: Collection[int] = (), by_hand: bool = False) -> list[Waiting]:
    """Up to AT_ONCE waiting tickets that this agent can serve, in their order.

    With `by_hand` also those that no route gives by itself, for an agent who asks.
    """
    if not by_hand and not active_routes():
        return []
    now, teams, found = timezone.now(), Teams(), list[Waiting]()
    worker = described([agent], now)[0]
    passed = set(Passed.objects.filter(agent=agent, until__gt=now).values_list("ticket_id", flat=True))
    rows = queue_of(agent).select_related("requester", "type").only(*_COLUMNS)
    rows = rows.exclude(pk__in={*besides, *passed})
    for start in range(0, MOST, AT_ONCE):
        batch = list(rows[start : start + AT_ONCE])
        for ticket, asked in zip(batch, asked_for(batch), strict=True):
            each = Waiting(ticket, asked, route_of(ticket))
            if _is_for(each, worker, teams, by_hand=by_hand):
                found.append(each)
        if len(batch) < AT_ONCE or len(found) >= AT_ONCE:
            break
    return found[:AT_ONCE]


def _is_for(each: Waiting, worker: Worker, teams: Teams, *, by_hand: bool) -> bool:
    if each.ticket.kind == "tracker":
        return False
    if each.route is None:
        return by_hand
    if each.route.strategy == Route.Strategy.BY_HAND and not by_hand:
        return False
    return not wants(each.asked, each.route, teams.of(each.asked.team_id)).lacks(worker)


def still_waiting(numbers: Iterable[int]) -> list[int]:
    """Those of these tickets that nobody took meanwhile, in the same order."""
    asked = list(numbers)
    free = {number for (number,) in _free(asked)}
    return [number for number in asked if number in free]


_free = PreparedMany(
    lambda numbers: Ticket.objects.filter(pk__in=numbers, assignee=None, rank=0).order_by().values_list("pk")
)
