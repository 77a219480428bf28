"""When distribution looks: a ticket comes to wait, an agent comes, goes, learns, or gets room."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from zaguan.automation.routing import fill, place_if_waiting
from zaguan.automation.routing_people import REPLY, described
from zaguan.automation.routing_plans import let_go
from zaguan.automation.routing_routes import active_routes, forget, route_of
from zaguan.automation.routing_tasks import take_from_absent
from zaguan.events.base import Event, on
from zaguan.people.events import AgentChanged, AvailabilityChanged, SettingChanged
from zaguan.people.models import Agent
from zaguan.people.reference import forget_all
from zaguan.tickets.changing import lock
from zaguan.tickets.events import (
    FieldsChanged,
    StatusChanged,
    TagsChanged,
    TeamChanged,
    TicketAssigned,
    TicketOpened,
    TypeChanged,
)
from zaguan.tickets.models import Ticket
from zaguan.tickets.moving_events import MergeUndone, TicketMergedAway, TicketRestored, TicketTrashed

# Settings that decide who gets what.
OURS = {"route", "skill", "capacity", "calendar", "team", "role"}
WAITS, ENDED = {"new", "open"}, "freed"


def _is_on(event: Event) -> bool:
    """Whether anything is given by itself; without routes no job is made."""
    return bool(active_routes())


@on(TicketOpened, wanted=lambda event: event.assignee_id is None and _is_on(event))
def place_new(event: TicketOpened) -> None:
    """A new ticket without an assignee goes to whoever is best for it."""
    if event.ticket_id and event.assignee_id is None:
        place_if_waiting(event.ticket_id)


@on(TeamChanged, FieldsChanged, TagsChanged, TypeChanged, TicketRestored, MergeUndone, wanted=_is_on)
def place_again(event: Event) -> None:
    """It is somewhere else, or asks for something else."""
    if event.ticket_id and active_routes() and _is_free(event.ticket_id):
        place_if_waiting(event.ticket_id)


@on(TicketAssigned, same_transaction=True)
def remember_who_let_go(event: TicketAssigned) -> None:
    """Taken away or declined: it does not come back at once."""
    old, new = event.assignees
    if event.ticket_id and old is not None and new is None and active_routes():
        let_go(event.ticket_id, old, timezone.now())


@on(TicketAssigned, wanted=lambda event: event.assignees[0] is not None and _is_on(event))
def follow_assignment(event: TicketAssigned) -> None:
    """Who had it has room; whoever let go of it leaves it waiting."""
    old, new = event.assignees
    if event.ticket_id and new is None:
        place_if_waiting(event.ticket_id)
    if old is not None:
        fill(old)


@on(StatusChanged, wanted=_is_on)
def follow_status(event: StatusChanged) -> None:
    """Back in process it needs somebody who is there; out of it, somebody has room."""
    if not event.ticket_id or not active_routes():
        return
    if event.phases[1] in WAITS:
        if event.phases[0] not in WAITS:
            _leave_absent(event.ticket_id)
        place_if_waiting(event.ticket_id)
    elif event.phases[0] in WAITS:
        _fill_assignee(event.ticket_id)


@on(TicketTrashed, TicketMergedAway, wanted=_is_on)
def follow_disappearance(event: Event) -> None:
    """Out of sight: whoever had it has room."""
    if event.ticket_id and active_routes():
        _fill_assignee(event.ticket_id)


@on(AvailabilityChanged, wanted=_is_on)
def follow_presence(event: AvailabilityChanged) -> None:
    """Somebody is back."""
    if event.availability[1] == Agent.Availability.ONLINE:
        fill(event.agent_id)


@on(AgentChanged, wanted=_is_on)
def follow_agent(event: AgentChanged) -> None:
    """Other teams, skills, languages, more room."""
    forget_all()
    fill(event.agent_id)


@on(SettingChanged)
def follow_settings(event: SettingChanged) -> None:
    """Another route, skill, weight or calendar: everybody who is there is looked at."""
    if event.what in OURS:
        forget()
        forget_all()
        for number in (
            Agent.objects.filter(is_active=True).values_list("pk", flat=True) if active_routes() else ()
        ):
            fill(number)


def _is_free(number: int) -> bool:
    return Ticket.objects.filter(pk=number, assignee=None, rank=0).exists()


def _fill_assignee(number: int) -> None:
    agent = Ticket.objects.filter(pk=number).values_list("assignee_id", flat=True).first()
    if agent is not None:
        fill(agent)


@transaction.atomic
def _leave_absent(number: int) -> None:
    """A ticket that comes back to somebody who left, or who is away where the route says so, waits for others."""
    try:
        ticket = lock(number)
    except Ticket.DoesNotExist:
        return
    agent = Agent.objects.filter(pk=ticket.assignee_id or 0).select_related("role").first()
    route = route_of(ticket) if agent is not None and ticket.rank == 0 else None
    if agent is None or route is None:
        return
    now = timezone.now()
    works_here = agent.is_active and agent.can(REPLY)
    if not works_here or (route.leaves_absent and not described([agent], now)[0].is_present):
        take_from_absent(ticket, route, now)
