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
from zaguan.sla.intervals import Span, rebuild_many
from zaguan.sla.models import Interval
from zaguan.sla.sides import Side
from zaguan.tickets import reference
from zaguan.tickets.events import TicketOpened
from zaguan.tickets.models import Phase, Ticket

# Plain words: a member of an enumeration takes ten times as long to compare.
IN, OUT, NOTE = Message.Direction.IN.value, Message.Direction.OUT.value, Message.Direction.NOTE.value


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
        Message.objects.filter(ticket_id__in=numbers, withdrawn_at=None, is_automatic=False)
        .exclude(channel=SIDE)
        .order_by()
        .values_list(
            *("ticket_id", "direction", "agent_id", "created_at"),
            *(KT("details__mode"), KT("details__reached"), KT("details__outcome")),
        )
    )
)
_stays = PreparedMany(
    lambda numbers: (
        Interval.objects.filter(ticket_id__in=numbers)
        .order_by("ticket_id", "started_at")
        .values_list("ticket_id", "side", "started_at", "ended_at", "status_id")
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
    for row in _messages(numbers):
        said[row[0]].append(row)
    ledgers = _ledgers(numbers)
    for number, known in found.items():
        asked, answered = _talk(said.get(number, ()), known.is_internal, openers.get(number))
        known.facts = Facts(known.created_at, asked, answered, ledgers.get(number, ()))
    return found


def _ledgers(numbers: Sequence[int]) -> dict[int, tuple[Stay, ...]]:
    """The stays of these tickets, in one question; two more for those whose ledger was not written yet."""
    rests: dict[tuple[str, int | None], str] = {}
    stays: dict[int, list[Stay]] = defaultdict(list)
    for number, side, start, end, status in _stays(numbers):
        key = side, status
        why = rests.get(key)
        if why is None:
            why = rests[key] = _rests(side, status)
        stays[number].append(Stay(side, start, end, status or 0, why))
    found = {number: _with_the_end(some) for number, some in stays.items()}
    missing = [number for number in numbers if number not in found]
    rebuilt = rebuild_many(missing) if missing else {}
    return found | {number: stays_of(spans) for number, spans in rebuilt.items()}


def _talk(
    messages: Iterable[tuple[Any, ...]], is_internal: bool, opener: int | None
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """When the customer asked and when we answered."""
    asked, answered = [], []
    for _number, direction, agent, at, *details in messages:
        if _is_answer(direction, agent, *details) or (
            is_internal and direction == NOTE and agent not in (None, opener)
        ):
            answered.append(at)
        elif direction == IN:
            asked.append(at)
    return tuple(sorted(asked)), tuple(sorted(answered))


def _is_answer(direction: str, agent: int | None, mode: Any, reached: Any, outcome: Any) -> bool:
    """A call in which they were spoken to, or a message of a person that reached them."""
    if outcome is not None:
        return bool(outcome == "answered")
    told = mode != "forward" and reached not in ("false", "0", 0, False)
    return direction == OUT and agent is not None and told


def stays_of(spans: Sequence[Span]) -> tuple[Stay, ...]:
    """The ledger as the clocks need it."""
    return _with_the_end(
        [
            Stay(
                span.side.value, span.start, span.end, span.status_id or 0, _rests(span.side, span.status_id)
            )
            for span in spans
        ]
    )


def _with_the_end(stays: list[Stay]) -> tuple[Stay, ...]:
    """The end of a ledger (closed, merged away, in the trash) is a rest that lasts."""
    if stays and stays[-1].end is not None:
        last = stays[-1]
        stays.append(Stay(Side.NOBODY.value, last.end or last.start, None, last.status_id, DONE))
    return tuple(stays)


def _rests(side: str, status_id: int | None) -> str:
    """Why no target counts in such a stay, "" where it may."""
    status = reference.statuses.get(status_id)
    phase = status.phase if status else ""
    if phase in (Phase.RESOLVED, Phase.CLOSED):
        return DONE
    return HIDDEN if side == Side.NOBODY and phase != Phase.SNOOZED else ""
