"""Give one ticket to the best agent by its route: never two owners, never more than an agent carries.

A ticket's row is always locked before an agent's row of loads, and nobody holds two of either; so nothing waits in a
circle. Under the agent's lock everything is looked at again: what another worker gave them meanwhile is seen then. What
the others get at the same moment is not; but it only adds to what they carry, so the choice stays right.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zaguan.automation.models import Load, Route
from zaguan.automation.routing_asks import Asked, asked_for
from zaguan.automation.routing_fitting import Fit, Past, fits, past_of
from zaguan.automation.routing_hours import works
from zaguan.automation.routing_people import looked_at_again, workers_of
from zaguan.automation.routing_plans import plan_overflow, plan_passed, plan_start, plan_timeout
from zaguan.automation.routing_routes import route_of
from zaguan.lib.errors import Refused, Retry
from zaguan.lib.many import SIZES, PreparedMany
from zaguan.lib.prepared import Prepared
from zaguan.lib.statements import update
from zaguan.people.models import Agent
from zaguan.tickets.assigning import assign
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket

# With so many workers at the same agents, one of them has given something away each time.
MOST_TRIES = 60


class Outcome(Enum):
    """What became of a ticket that was to be given."""

    GIVEN = "given"
    NOBODY = "nobody"
    # Not waiting for anybody, or not by itself.
    NOT_OURS = "not ours"


class OthersWereFaster(Exception):  # noqa: N818 (a reason to look again)
    """Somebody gave this agent something meanwhile."""


def place(number: int) -> Outcome:
    """Give a waiting ticket to the best agent of its route, or plan when to look again."""
    for _try in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return _place(number)
        except OthersWereFaster:
            continue
        except Ticket.DoesNotExist:
            return Outcome.NOT_OURS
    raise Retry(f"The agents for ticket {number} change too quickly.", after=1)


def _place(number: int) -> Outcome:
    ticket = lock(number)
    route = route_of(ticket) if is_waiting(ticket) else None
    if route is None:
        return Outcome.NOT_OURS
    now = timezone.now()
    if route.strategy != Route.Strategy.BY_HAND and works(route, ticket.team_id, now):
        asked = asked_for([ticket])[0]
        past, workers = past_of(asked, route, now), workers_of(ticket.team_id, now)
        found = fits(asked, route, workers, past)
        if found and found[0].may:
            _give(ticket, route, asked, past, found)
            return Outcome.GIVEN
    plan_overflow(ticket, route, now)
    plan_start(ticket, route, now)
    plan_passed(ticket, now)
    return Outcome.NOBODY


def is_waiting(ticket: Ticket) -> bool:
    """Whether nobody has it although it is our turn; trackers are nobody's to answer."""
    return ticket.assignee_id is None and ticket.rank == 0 and ticket.kind != "tracker"


def _give(ticket: Ticket, route: Route, asked: Asked, past: Past, found: list[Fit]) -> None:
    load = _hold_one(equals(found, route))
    workers = looked_at_again([each.worker for each in found], timezone.now())
    again = fits(asked, route, workers, past)
    chosen = next((each for each in again if each.worker.agent.pk == load.agent_id), None)
    if chosen is None or chosen not in equals(again, route):
        raise OthersWereFaster
    because = {"route": route.name, "reasons": chosen.reasons}
    try:
        ticket = assign(ticket, chosen.worker.agent, by=route, because=because)
    except Refused as refused:
        # Left the team or the house between the look and the lock.
        raise OthersWereFaster from refused
    gave(load)
    plan_timeout(ticket, route, chosen.worker.agent)


def gave(load: Load) -> None:
    """Write down that its agent was just given something."""
    load.given_at = timezone.now()
    update(load, "given_at")


def equals(found: list[Fit], route: Route) -> list[Fit]:
    """The best and those who are as good: in turn everybody, for the least load those who carry as little."""
    best = found[0]
    in_turn = route.strategy == Route.Strategy.IN_TURN
    return [
        each
        for each in found
        if each.may and each.is_known == best.is_known and (in_turn or each.worker.share == best.worker.share)
    ]


def _hold_one(found: list[Fit]) -> Load:
    """The first of these to whom nobody else is just giving something; with only such ones left, the first of all."""
    agents = [each.worker.agent for each in found]
    if new := [Load(agent=each.worker.agent) for each in found if not each.worker.has_load]:
        Load.objects.bulk_create(new, ignore_conflicts=True)
    free = _first_free([agent.pk for agent in agents[: SIZES[-1]]])
    return _load(free[0]) if free else hold(agents[0])


def hold(agent: Agent) -> Load:
    """The agent's row of loads, ours until the transaction ends."""
    found = _row(agent.pk)
    if not found:
        Load.objects.bulk_create([Load(agent=agent)], ignore_conflicts=True)
        found = _row(agent.pk)
    return _load(found[0])


def _load(row: tuple[Any, ...]) -> Load:
    number, agent, given_at = row
    return Load(id=number, agent_id=agent, given_at=given_at)


_columns = ("id", "agent_id", "given_at")
_row = Prepared(lambda agent: Load.objects.select_for_update().filter(agent=agent).values_list(*_columns))
_first_free = PreparedMany(
    lambda agents: (
        Load.objects.select_for_update(skip_locked=True)
        .filter(agent_id__in=agents)
        .order_by(F("given_at").asc(nulls_first=True), "agent_id")
        .values_list(*_columns)[:1]
    )
)
