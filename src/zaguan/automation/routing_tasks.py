"""What the clock brings to distribution: overflow, time-out, the start of a shift."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zaguan.automation.models import Passed, Route
from zaguan.automation.routing import fill, fill_team, place_if_waiting
from zaguan.automation.routing_giving import is_waiting
from zaguan.automation.routing_plans import EVEN, OVERFLOW, PLACE, START, TIMEOUT, given_by
from zaguan.events.models import EventRecord
from zaguan.events.tasks import task
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.because import Reason, reason
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket


@task(PLACE)
def place_later(ticket: int) -> None:
    """Somebody who let go of it may be asked again."""
    Passed.objects.filter(ticket_id=ticket, until__lte=timezone.now()).delete()
    place_if_waiting(ticket)


@task(EVEN)
def even_out_later(agent: int) -> None:
    """What had just come to somebody who is full has lain long enough."""
    fill(agent)


@task(START)
def start_shift(team: int | None) -> None:
    """The hours of a team begin: what waited over night is given away."""
    fill_team(team)


@task(OVERFLOW)
@transaction.atomic
def overflow(ticket: int, team: int | None, route: int) -> None:
    """Nobody of the team took it in time: another team gets it, and its own route."""
    way = Route.objects.filter(pk=route, is_active=True).select_related("overflow_team").first()
    row = _locked(ticket)
    if way is None or row is None or not is_waiting(row) or row.team_id != team or way.overflow_team is None:
        return
    if way.overflow_team.archived_at is None:
        set_team(
            row, way.overflow_team, by=way, because=_because(way, "overflow", minutes=way.overflow_minutes)
        )


@task(TIMEOUT)
@transaction.atomic
def time_out(ticket: int, agent: int, route: int, given: int) -> None:
    """Given, and nothing was done: back to the queue, and not to the same agent at once."""
    way = Route.objects.filter(pk=route).first()
    row = _locked(ticket)
    if way is None or row is None or row.assignee_id != agent or row.rank != 0 or given_by(ticket) != given:
        return
    done = EventRecord.objects.filter(ticket_id=ticket, pk__gt=given, actor_kind="agent", actor_id=agent)
    if not done.exists():
        assign(
            row,
            None,
            by=way,
            because=_because(way, "timeout", minutes=way.timeout_minutes, working=way.in_hours),
        )


def _because(route: Route, word: str, **values: object) -> dict[str, object]:
    why: list[Reason] = [reason(word, **values)]
    return {"route": route.name, "reasons": why}


def _locked(number: int) -> Ticket | None:
    try:
        return lock(number)
    except Ticket.DoesNotExist:
        return None


def take_from_absent(ticket: Ticket, route: Route, now: datetime) -> None:
    """It came back to somebody who is not there. Call with the lock held."""
    assign(ticket, None, by=route, because=_because(route, "gone"))
