"""Evening out, where a route says so: what nobody has touched goes from the fullest to somebody who has much less to do.

Whoever has opened, answered, begun to write in or timed a ticket keeps it; so does whoever got it by hand, by Next, or
because they know the customer. A ticket goes once and not before it has lain a while; a route moves only so many an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zaguan.automation.models import Route
from zaguan.automation.routing_asks import asked_for
from zaguan.automation.routing_fitting import Fit, fits, past_of
from zaguan.automation.routing_giving import gave, hold
from zaguan.automation.routing_hours import works
from zaguan.automation.routing_people import Worker, workers_of
from zaguan.automation.routing_plans import plan_evening, plan_timeout
from zaguan.automation.routing_routes import active_routes, route_of
from zaguan.automation.routing_untouched import SETTLED, Given, untouched
from zaguan.people.models import Agent
from zaguan.tickets.assigning import assign
from zaguan.tickets.because import reason
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket

MOST_AN_HOUR = 20
MOST_AT_ONCE = 5


def even_out(agent_id: int) -> int:
    """Somebody has little to do: let them have of what lies with others of their teams. Returns how many went."""
    routes = [r for r in active_routes() if r.evens_out and r.strategy != Route.Strategy.BY_HAND]
    teams = Agent.teams.through.objects.filter(agent_id=agent_id).values_list("team_id", flat=True)
    moved = 0
    for team in teams if routes else ():
        for route in routes:
            if route.team_id in (None, team):
                moved += _even_team(route, team, agent_id)
    return moved


def _even_team(route: Route, team_id: int, agent_id: int) -> int:
    now = timezone.now()
    moved = 0
    while moved < MOST_AT_ONCE and works(route, team_id, now) and _one_step(route, team_id, agent_id, now):
        moved += 1
    return moved


def _one_step(route: Route, team_id: int, agent_id: int, now: datetime) -> bool:
    """The first ticket that can go, from the fullest on."""
    workers = workers_of(team_id, now)
    emptiest = min((share(w) for w in workers if w.is_present), default=1.0)
    for giver in sorted(workers, key=share, reverse=True):
        if share(giver) <= emptiest:
            break
        for given in untouched(giver.agent.pk, team_id, route):
            if not _may_go(given, route, workers, now):
                continue
            if given.at > now - SETTLED:
                plan_evening(agent_id, given.at + SETTLED)
            elif _move(given.ticket.pk, giver.agent, route):
                return True
    return False


def _may_go(given: Given, route: Route, workers: list[Worker], now: datetime) -> bool:
    owner = route_of(given.ticket)
    return (
        owner is not None
        and owner.pk == route.pk
        and _receiver(given.ticket, route, workers, now) is not None
    )


@transaction.atomic
def _move(number: int, giver: Agent, route: Route) -> bool:
    """Under the locks of the ticket and of both agents, in their order, everything is looked at again."""
    try:
        ticket = lock(number)
    except Ticket.DoesNotExist:
        return False
    now, team_id = timezone.now(), ticket.team_id
    if team_id is None or ticket.assignee_id != giver.pk or not _is_free_to_go(ticket, route, now):
        return False
    chosen = _receiver(ticket, route, workers_of(team_id, now), now)
    if chosen is None:
        return False
    loads = {agent.pk: hold(agent) for agent in sorted((giver, chosen.worker.agent), key=lambda a: a.pk)}
    again = {worker.agent.pk: worker for worker in workers_of(team_id, now)}
    more, less = again.get(giver.pk), again.get(chosen.worker.agent.pk)
    if more is None or less is None or not _is_worth_it(more, less, asked_for([ticket])[0].weight):
        return False
    _count(route.pk, now)
    why = [reason("even", more=more.taken, less=less.taken), *chosen.reasons]
    ticket = assign(ticket, less.agent, by=route, because={"route": route.name, "reasons": why})
    gave(loads[less.agent.pk])
    plan_timeout(ticket, route, less.agent)
    return True


def _is_free_to_go(ticket: Ticket, route: Route, now: datetime) -> bool:
    """Nobody has touched it, the route still wants it, and has not moved too many. Holds the route: one at a time."""
    way = Route.objects.select_for_update().filter(pk=route.pk, is_active=True, evens_out=True).first()
    if way is None or (_began_lately(way, now) and way.evened >= MOST_AN_HOUR):
        return False
    return bool(untouched(ticket.assignee_id or 0, ticket.team_id or 0, route, ticket.pk))


def _began_lately(route: Route, now: datetime) -> bool:
    return route.evened_since is not None and route.evened_since > now - timedelta(hours=1)


def _count(number: int, now: datetime) -> None:
    """One more in this hour. Call with the route held."""
    way = Route.objects.get(pk=number)
    if not _began_lately(way, now):
        way.evened_since, way.evened = now, 0
    way.evened += 1
    way.save(update_fields=["evened_since", "evened"])


def _receiver(ticket: Ticket, route: Route, workers: list[Worker], now: datetime) -> Fit | None:
    """Whoever could have it and has least to do, if that is so much less than its owner that it should go."""
    asked = asked_for([ticket])[0]
    past = past_of(asked, route, now)
    owner = next((worker for worker in workers if worker.agent.pk == ticket.assignee_id), None)
    if owner is None or owner.agent.pk in past.known:
        return None
    able = [fit for fit in fits(asked, route, workers, past) if fit.may and fit.worker is not owner]
    best = min(able, key=lambda fit: (share(fit.worker), fit.worker.agent.pk), default=None)
    if best is None or not _is_worth_it(owner, best.worker, asked.weight):
        return None
    best.reasons = [each for each in best.reasons if each[0] in ("language", "skill", "due")]
    return best


def _is_worth_it(giver: Worker, receiver: Worker, weight: int) -> bool:
    """Afterwards the receiver still has no more than the giver: they differ by more than one such ticket."""
    if not receiver.is_present or not receiver.has_room(weight) or not giver.total:
        return False
    return (receiver.taken + weight) * giver.total <= (giver.taken - weight) * receiver.total


def share(worker: Worker) -> float:
    """How full they are."""
    return worker.share
