"""The facts behind the clocks, read for many tickets in a handful of questions.

An *answer* is what a person of ours said to the customer: a message that reached them, or a call in which they were spoken
to. What is sent automatically, forwarded to others, or written by a rule, is none. On an internal ticket nobody is written
to: there a note of anybody but who opened it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.fields.json import KT

from zaguan.conversations.models import SIDE, Message
from zaguan.events.models import EventRecord
from zaguan.lib.many import PreparedMany
from zaguan.sla.facts import DONE, HIDDEN, Facts, Stay
from zaguan.sla.intervals import Span, spans_of
from zaguan.sla.sides import Side
from zaguan.tickets import reference
from zaguan.tickets.events import TicketOpened
from zaguan.tickets.models import Phase, Ticket


@dataclass(slots=True)
class Known:
    """A ticket's columns that matter here, and its facts."""

    number: int
    created_at: datetime
    urgency_id: int | None
    team_id: int | None
    assignee_id: int | None
    rank: int
    is_internal: bool
    due_at: datetime | None
    due_kind: str | None
    sla_state: str | None
    facts: Facts = field(init=False)


_COLUMNS = (
    *("id", "created_at", "urgency_id", "team_id", "assignee_id", "rank", "is_internal"),
    *("due_at", "due_kind", "sla_state"),
)
_tickets = PreparedMany(lambda numbers: Ticket.objects.filter(pk__in=numbers).values_list(*_COLUMNS))
_messages = PreparedMany(
    lambda numbers: (
        Message.objects.filter(ticket_id__in=numbers, withdrawn_at=None)
        .exclude(channel=SIDE)
        .values_list(
            *("ticket_id", "direction", "is_automatic", "agent_id", "created_at"),
            *(KT("details__mode"), KT("details__reached"), KT("details__outcome")),
        )
    )
)
_openers = PreparedMany(
    lambda numbers: EventRecord.objects.filter(
        ticket_id__in=numbers, kind=TicketOpened.kind, actor_kind="agent"
    ).values_list("ticket_id", "actor_id")
)


def gather(numbers: Sequence[int]) -> dict[int, Known]:
    """The facts of these tickets: three questions, and one more where some are internal."""
    found = {row[0]: Known(*row) for row in _tickets(numbers)}
    internal = [number for number, known in found.items() if known.is_internal]
    openers = dict(_openers(internal)) if internal else {}
    said: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *rest in _messages(numbers):
        said[number].append(tuple(rest))
    ledgers = spans_of(numbers)
    for number, known in found.items():
        asked, answered = _talk(said[number], known.is_internal, openers.get(number))
        known.facts = Facts(known.created_at, asked, answered, stays_of(ledgers.get(number, [])))
    return found


def _talk(
    messages: Iterable[tuple[Any, ...]], is_internal: bool, opener: int | None
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """When the customer asked and when we answered."""
    asked, answered = [], []
    for direction, is_automatic, agent, at, *details in messages:
        if is_automatic:
            continue
        if _is_answer(direction, agent, *details) or (
            is_internal and direction == Message.Direction.NOTE and agent not in (None, opener)
        ):
            answered.append(at)
        elif direction == Message.Direction.IN:
            asked.append(at)
    return tuple(sorted(asked)), tuple(sorted(answered))


def _is_answer(direction: str, agent: int | None, mode: Any, reached: Any, outcome: Any) -> bool:
    """A call in which they were spoken to, or a message of a person that reached them."""
    if outcome is not None:
        return bool(outcome == "answered")
    told = mode != "forward" and reached not in ("false", "0", 0, False)
    return direction == Message.Direction.OUT and agent is not None and told


def stays_of(spans: Sequence[Span]) -> tuple[Stay, ...]:
    """The ledger as the clocks need it. Its end (closed, merged away, in the trash) is a rest that lasts."""
    stays = [_stay(span) for span in spans]
    if spans and spans[-1].end is not None:
        last = spans[-1]
        stays.append(Stay(Side.NOBODY.value, last.end or last.start, None, last.status_id or 0, DONE))
    return tuple(stays)


def _stay(span: Span) -> Stay:
    status = reference.statuses.get(span.status_id)
    phase = status.phase if status else ""
    rests = ""
    if phase in (Phase.RESOLVED, Phase.CLOSED):
        rests = DONE
    elif span.side == Side.NOBODY and phase != Phase.SNOOZED:
        rests = HIDDEN
    return Stay(span.side.value, span.start, span.end, span.status_id or 0, rests)
