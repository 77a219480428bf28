"""A ticket's life on one axis: which status it had, whose turn it was, what was said, who took it (A11.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from zaguan.conversations.models import Message
from zaguan.events.history import events_of
from zaguan.tickets import reference
from zaguan.tickets.history_lines import Names
from zaguan.tickets.models import Phase, Ticket

MOST = 2000
# Whose turn it is while a ticket is in a phase.
TURNS = {
    Phase.NEW: "us",
    Phase.OPEN: "us",
    Phase.WAITING_CUSTOMER: "customer",
    Phase.WAITING_THIRD: "third",
    Phase.SNOOZED: "nobody",
    Phase.RESOLVED: "nobody",
    Phase.CLOSED: "nobody",
}


@dataclass(frozen=True)
class Span:
    """From when to when; `kind` is the phase, the turn, or the assignee's id."""

    start: datetime
    end: datetime
    kind: str
    label: str


@dataclass(frozen=True)
class Point:
    """A moment: a message in or out, a note, a call, a promise. `message` is 0 for what is none."""

    at: datetime
    kind: str
    label: str
    message: int = 0


@dataclass
class Timeline:
    start: datetime
    end: datetime
    statuses: list[Span] = field(default_factory=list)
    turns: list[Span] = field(default_factory=list)
    assignees: list[Span] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    # There was more than fits; the oldest is left out.
    is_cut: bool = False


def timeline_of(ticket: Ticket) -> Timeline:
    """Ask only for a ticket that the reader may know of."""
    end = ticket.closed_at or timezone.now()
    made = Timeline(ticket.created_at, max(end, ticket.updated_at))
    _spans(made, ticket)
    _points(made, ticket)
    return made


def _spans(made: Timeline, ticket: Ticket) -> None:
    kinds = ("tickets.TicketOpened", "tickets.StatusChanged", "tickets.TicketAssigned")
    rows = list(events_of(ticket.pk).filter(kind__in=kinds).order_by("-id")[:MOST])[::-1]
    made.is_cut = len(rows) == MOST
    statuses: list[tuple[datetime, int | None]] = []
    agents: list[tuple[datetime, int | None]] = []
    for row in rows:
        if row.kind == "tickets.StatusChanged":
            statuses = statuses or [(made.start, row.data["statuses"][0])]
            statuses.append((row.at, row.data["statuses"][1]))
        elif row.kind == "tickets.TicketAssigned":
            agents = agents or [(made.start, row.data["assignees"][0])]
            agents.append((row.at, row.data["assignees"][1]))
    statuses = statuses or [(made.start, ticket.status_id)]
    agents = agents or [(made.start, ticket.assignee_id)]
    names = Names({})
    for start, end, number in _between(statuses, made.end):
        status = reference.statuses.get(number)
        phase = str(status.phase) if status else ""
        made.statuses.append(Span(start, end, phase, names.status(number)))
        _join(made.turns, Span(start, end, TURNS.get(Phase(phase), "nobody") if phase else "nobody", ""))
    for start, end, number in _between(agents, made.end):
        if number is not None:
            made.assignees.append(Span(start, end, str(number), names.agent(number)))


def _between(
    steps: list[tuple[datetime, int | None]], end: datetime
) -> list[tuple[datetime, datetime, int | None]]:
    whole = [*steps, (max(end, steps[-1][0]), None)]
    return [(a[0], b[0], a[1]) for a, b in pairwise(whole)]


def _join(spans: list[Span], new: Span) -> None:
    if spans and spans[-1].kind == new.kind:
        spans[-1] = Span(spans[-1].start, new.end, new.kind, new.label)
    else:
        spans.append(new)


def _points(made: Timeline, ticket: Ticket) -> None:
    said = Message.objects.without_side().filter(ticket=ticket, withdrawn_at=None).order_by("-id")
    names = Names({})
    columns = ("id", "created_at", "direction", "channel", "agent_id", "sender_name", "sender_address")
    rows = list(said.values_list(*columns)[:MOST])
    made.is_cut = made.is_cut or len(rows) == MOST
    for pk, at, direction, channel, agent, name, address in reversed(rows):
        kind = "call" if channel == "phone" else direction
        made.points.append(Point(at, kind, names.agent(agent) or name or address, pk))
    if ticket.promised_at is not None:
        made.points.append(Point(ticket.promised_at, "promise", ""))
        made.end = max(made.end, ticket.promised_at)
    if made.points:
        made.start = min(made.start, made.points[0].at)
