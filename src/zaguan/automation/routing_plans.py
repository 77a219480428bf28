"""What is looked at again later: overflow to another team, time-out, the start of a shift. Each at its moment, none by sweeping."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from zaguan.automation.models import Passed, Route
from zaguan.automation.routing_hours import after, opening, works
from zaguan.events.models import EventRecord
from zaguan.events.tasks import enqueue
from zaguan.people.models import Agent
from zaguan.tickets.events import TicketAssigned
from zaguan.tickets.models import Ticket

OVERFLOW, TIMEOUT, START, PLACE, EVEN = (
    "automation.route_overflows",
    "automation.route_times_out",
    "automation.shift_starts",
    "automation.place_ticket",
    "automation.even_out",
)
# Who let go of a ticket is not given it again before this.
REST = timedelta(minutes=30)


def plan_overflow(ticket: Ticket, route: Route, now: datetime) -> None:
    """Another team gets it if nobody of this one does in time; counted from when it began to wait here."""
    if route.overflow_team_id is None or route.overflow_team_id == ticket.team_id:
        return
    at = after(route, ticket.team_id, now, route.overflow_minutes)
    if at is not None:
        key = f"overflow-{ticket.pk}-{ticket.team_id}"
        enqueue(OVERFLOW, run_at=at, key=key, ticket=ticket.pk, team=ticket.team_id, route=route.pk)


def plan_start(ticket: Ticket, route: Route, now: datetime) -> None:
    """Outside hours: all that waits is looked at when they begin."""
    if not works(route, ticket.team_id, now) and (at := opening(ticket.team_id, now)) is not None:
        enqueue(START, run_at=at, key=f"shift-{ticket.team_id}", team=ticket.team_id)


def plan_passed(ticket: Ticket, now: datetime) -> None:
    """When somebody who let go of it may be asked again."""
    soonest = Passed.objects.filter(ticket=ticket, until__gt=now).aggregate(at=Min("until"))["at"]
    if soonest is not None:
        enqueue(PLACE, run_at=soonest, key=f"place-{ticket.pk}", ticket=ticket.pk)


def plan_evening(agent_id: int, at: datetime) -> None:
    """What has just come may still be opened; then it is looked whether this agent could have of it."""
    enqueue(EVEN, run_at=at, key=f"even-{agent_id}", agent=agent_id)


def plan_timeout(ticket: Ticket, route: Route, agent: Agent) -> None:
    """Back to the queue when the agent has done nothing by then. Call it after the assignment was recorded."""
    if not route.timeout_minutes:
        return
    at = after(route, ticket.team_id, ticket.updated_at, route.timeout_minutes)
    if at is not None:
        given = given_by(ticket.pk)
        enqueue(TIMEOUT, run_at=at, ticket=ticket.pk, agent=agent.pk, route=route.pk, given=given)


def given_by(number: int) -> int | None:
    """The event by which the ticket came to whoever has it."""
    rows = EventRecord.objects.filter(ticket_id=number, kind=TicketAssigned.kind).order_by("-pk")
    return rows.values_list("pk", flat=True).first()


def let_go(ticket_id: int, agent_id: int, now: datetime) -> None:
    """Remember that it is not given to this agent again at once."""
    row = Passed(ticket_id=ticket_id, agent_id=agent_id, until=now + REST)
    Passed.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["ticket", "agent"], update_fields=["until"]
    )
