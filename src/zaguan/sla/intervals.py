"""Whose turn it was, read: the spans of a ticket, of many at once, and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zaguan.events.models import EventRecord
from zaguan.lib.prepared import Prepared
from zaguan.sla.business_time import Hours, between
from zaguan.sla.ledger import KINDS, Happening, Span, Standing, replay, whole
from zaguan.sla.models import Interval
from zaguan.sla.sides import Side
from zaguan.tickets.models import HIDDEN_RANK, Phase, Ticket

__all__ = ["Span", "Sums", "rebuild", "rebuild_many", "spans", "spans_of", "sums"]

# What a ledger needs of its ticket.
FACTS = (
    "pk",
    "created_at",
    "closed_at",
    "updated_at",
    "status_id",
    "phase",
    "assignee_id",
    "team_id",
    "rank",
)
_COLUMNS = ("side", "status_id", "assignee_id", "team_id", "started_at", "ended_at")


@dataclass(frozen=True, slots=True)
class Sums:
    """Seconds per side. They add up to `age`; business time is that part of them in which the desk was open.

    `unassigned` is the part of the agent's side in which nobody was assigned.
    """

    age: int
    elapsed: dict[Side, int]
    business: dict[Side, int]
    unassigned: int
    unassigned_business: int


# The page of a ticket asks it at each view.
_of_ticket = Prepared(
    lambda number: Interval.objects.filter(ticket_id=number).order_by("started_at").values_list(*_COLUMNS)
)


def spans(ticket_id: int) -> list[Span]:
    """The ledger of a ticket, oldest first; from its events, where it was not written yet."""
    found = [Span(Side(side), *rest) for side, *rest in _of_ticket(ticket_id)]
    return found or rebuild(ticket_id)


def spans_of(numbers: Iterable[int]) -> dict[int, list[Span]]:
    """The ledgers of many tickets, in one query; two more for those whose ledger was not written yet."""
    wanted = list(dict.fromkeys(numbers))
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Interval.objects.filter(ticket_id__in=wanted).order_by("ticket_id", "started_at")
    for number, side, *rest in rows.values_list("ticket_id", *_COLUMNS):
        found[number].append(Span(Side(side), *rest))
    missing = [number for number in wanted if number not in found]
    return dict(found) | (rebuild_many(missing) if missing else {})


def rebuild(ticket_id: int) -> list[Span]:
    """The same from the event rows; writes nothing."""
    return rebuild_many([ticket_id]).get(ticket_id, [])


def rebuild_many(numbers: Iterable[int]) -> dict[int, list[Span]]:
    """The same for many tickets, in two queries."""
    wanted = list(numbers)
    events: dict[int, list[Happening]] = defaultdict(list)
    rows = EventRecord.objects.filter(ticket_id__in=wanted, kind__in=KINDS).order_by("ticket_id", "id")
    for number, kind, at, data in rows.values_list("ticket_id", "kind", "at", "data"):
        events[number or 0].append(Happening(kind, at, data))
    tickets = Ticket.objects.filter(pk__in=wanted).values_list(*FACTS)
    return {facts[0]: _replayed(facts, events[facts[0]]) for facts in tickets}


def _replayed(facts: Sequence[object], events: Sequence[Happening]) -> list[Span]:
    _pk, created_at, closed_at, updated_at, status, phase, assignee, team, rank = facts
    gone = rank >= HIDDEN_RANK and not events  # type: ignore[operator]
    standing = Standing(status, phase, assignee, team, is_away=gone)  # type: ignore[arg-type]
    ended = closed_at if phase == Phase.CLOSED else updated_at
    return replay(created_at, standing, events, ended or updated_at)  # type: ignore[arg-type]


def sums(of: Sequence[Span], hours: Hours, now: datetime) -> Sums:
    """What each side adds up to at a moment, elapsed and within opening hours."""
    elapsed, business = dict.fromkeys(Side, 0), dict.fromkeys(Side, 0)
    unassigned = unassigned_business = 0
    for span in of:
        seconds, open_seconds = lengths(span, hours, now)
        elapsed[span.side] += seconds
        business[span.side] += open_seconds
        if span.side == Side.AGENT and span.assignee_id is None:
            unassigned += seconds
            unassigned_business += open_seconds
    age = _seconds(of[0].start, _end(of[-1], now)) if of else 0
    return Sums(age, elapsed, business, unassigned, unassigned_business)


def lengths(span: Span, hours: Hours, now: datetime) -> tuple[int, int]:
    """Seconds of a span until now, elapsed and within opening hours."""
    end = _end(span, now)
    return _seconds(span.start, end), between(hours, span.start, end)


def _end(span: Span, now: datetime) -> datetime:
    return span.end or max(whole(now), span.start)


def _seconds(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())
