"""Distribution, decided at the moment at which something happens: a ticket comes to wait, or an agent has room."""

from __future__ import annotations

from collections import deque

from django.utils import timezone

from zaguan.automation.routing_evening import even_out
from zaguan.automation.routing_giving import Outcome, place
from zaguan.automation.routing_people import worker_named
from zaguan.automation.routing_routes import active_routes
from zaguan.automation.routing_waiting import still_waiting, waiting_for
from zaguan.people.availability import present
from zaguan.people.models import Agent

# The lightest thing that is given; who has less room than this is full.
LIGHTEST = 1
# With so many taken by others meanwhile, it is time to look which of the others still wait.
MOST_MISSED = 3


def place_if_waiting(number: int) -> None:
    """Something about this ticket changed: somebody may get it now."""
    if active_routes():
        place(number)


def fill(agent_id: int) -> int:
    """An agent has room: give away what waits and what they can serve, in its order; returns how many were given.

    Each goes to whoever is best for it now, which may be a colleague.
    """
    given, tried = 0, set[int]()
    while active_routes() and (agent := _ready(agent_id)) is not None:
        numbers = [each.ticket.pk for each in waiting_for(agent, besides=tried)]
        if not numbers:
            break
        given += _give_away(numbers, agent_id, tried)
    if any(route.evens_out for route in active_routes()) and _ready(agent_id) is not None:
        given += even_out(agent_id)
    return given


def _give_away(numbers: list[int], agent_id: int, tried: set[int]) -> int:
    """Each of them, as long as the agent has room; what others took meanwhile is left out."""
    given = missed = 0
    waiting = deque(numbers)
    while waiting:
        tried.add(number := waiting.popleft())
        outcome = place(number)
        given += outcome is Outcome.GIVEN
        missed += outcome is Outcome.NOT_OURS
        if outcome is not Outcome.NOT_OURS and _ready(agent_id) is None:
            break
        if missed > MOST_MISSED:
            waiting, missed = deque(still_waiting(waiting)), 0
    return given


def fill_team(team_id: int | None) -> int:
    """The same for everybody of a team who is there: a shift begins, or the rules changed."""
    there = Agent.objects.filter(present())
    there = there.filter(teams__isnull=False).distinct() if team_id is None else there.filter(teams=team_id)
    return sum(fill(number) for number in there.values_list("pk", flat=True))


def _ready(agent_id: int) -> Agent | None:
    """The agent, if they are there and have any room."""
    worker = worker_named(agent_id, timezone.now())
    return worker.agent if worker is not None and worker.has_room(LIGHTEST) else None
