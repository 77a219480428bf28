"""The thread of a ticket: messages with what happened between them, day by day, and a line before what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, cast

from django.utils import timezone
from markupsafe import Markup

from zaguan.conversations.models import Message
from zaguan.conversations.reading import messages_of, messages_since, parts_of
from zaguan.conversations.surroundings import happenings
from zaguan.desk.ticket.bubbles import Reader, bubble
from zaguan.desk.ticket.lines import tell
from zaguan.people.models import Agent
from zaguan.tickets.history_lines import Names
from zaguan.tickets.models import Ticket
from zaguan.tickets.seeing import hidden_in
from zaguan.ui.times import clock_time, day_name

# From this many on, events between two messages are folded into one line.
FOLD_FROM = 4


class Line(NamedTuple):
    """A small grey line."""

    key: int
    at: datetime
    icon: str
    text: str
    clock: str
    # Where it is told why a rule did it; "" for what people did.
    why: str = ""


@dataclass(slots=True)
class Item:
    """One thing in the thread: a bubble, lines of events, a day, or the line before what is new."""

    kind: str
    markup: Markup | str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Thread:
    items: list[Item]
    messages: list[Message]
    has_earlier: bool
    unread: int = 0

    @property
    def first_id(self) -> int:
        return self.messages[0].pk if self.messages else 0

    @property
    def last_id(self) -> int:
        return self.messages[-1].pk if self.messages else 0


def latest(ticket: Ticket, viewer: Agent, requester: str, seen_at: datetime | None) -> Thread:
    """The newest page of the thread."""
    messages, has_earlier = messages_of(ticket)
    return _thread(ticket, viewer, requester, seen_at, messages, has_earlier=has_earlier)


def since(
    ticket: Ticket, viewer: Agent, requester: str, seen_at: datetime | None, first: int, *, whole: bool
) -> Thread:
    """From a message on: what an open page shows, read again; `whole` when nothing stands before it."""
    # Merging brings older messages: who saw everything sees those too.
    messages = messages_since(ticket, 0 if whole else first)
    return _thread(ticket, viewer, requester, seen_at, messages, has_earlier=not whole)


def earlier(ticket: Ticket, viewer: Agent, requester: str, before: int) -> Thread:
    """The page before a message; nothing in it is new."""
    messages, has_earlier = messages_of(ticket, before)
    until = messages[-1].created_at if messages else None
    return _thread(ticket, viewer, requester, timezone.now(), messages, has_earlier=has_earlier, until=until)


def _thread(
    ticket: Ticket,
    viewer: Agent,
    requester: str,
    seen_at: datetime | None,
    messages: list[Message],
    *,
    has_earlier: bool,
    until: datetime | None = None,
) -> Thread:
    parts, reader = parts_of(messages), Reader.of(viewer, ticket)
    start = messages[0].created_at if has_earlier and messages else None
    lines = [line for line in _lines(ticket, requester, viewer) if _within(line.at, start, until)]
    unread = [m for m in messages if _is_new(m, viewer, seen_at)]
    drawn = [(m.created_at, m.pk, bubble(m, parts[m.pk], reader)) for m in messages]
    first_new = unread[0].pk if unread and unread[0].pk != messages[0].pk else 0
    return Thread(list(_items(drawn, lines, first_new)), messages, has_earlier, len(unread))


def _is_new(message: Message, viewer: Agent, seen_at: datetime | None) -> bool:
    """What others wrote since the viewer last looked; on the first visit everything is, so nothing is marked."""
    return seen_at is not None and message.created_at > seen_at and message.agent_id != viewer.pk


def _within(moment: datetime, start: datetime | None, until: datetime | None) -> bool:
    return (start is None or moment >= start) and (until is None or moment <= until)


def _lines(ticket: Ticket, requester: str, viewer: Agent) -> Iterable[Line]:
    happened = happenings(ticket)
    hidden = hidden_in(viewer, [h.data for h in happened])
    names = Names({ticket.requester_id or 0: requester}, hidden, viewer.pk)
    for happening in happened:
        told = tell(happening, names)
        if told is not None:
            by_rule = happening.actor_kind == "rule"
            why = f"/desk/tickets/{ticket.pk}/why/?event={happening.id}" if by_rule else ""
            yield Line(happening.id, happening.at, told[0], told[1], clock_time(happening.at), why)


def _items(bubbles: list[tuple[datetime, int, Markup]], lines: list[Line], first_new: int) -> Iterable[Item]:
    waiting: list[Line] = []
    day: date | None = None
    here = timezone.get_current_timezone()
    queue = sorted(
        [*((at, 1, pk, markup) for at, pk, markup in bubbles), *((x.at, 0, x.key, x) for x in lines)],
        key=_order,
    )
    for at, _is_message, key, thing in queue:
        today = at.astimezone(here).date()
        if today != day:
            yield from _flush(waiting)
            day = today
            yield Item("day", day_name(at))
        if isinstance(thing, Line):
            waiting.append(thing)
            continue
        yield from _flush(waiting)
        if key == first_new:
            yield Item("new")
        yield Item("message", cast("Markup", thing))
    yield from _flush(waiting)


def _order(entry: tuple[datetime, int, int, object]) -> tuple[datetime, int, int]:
    return entry[:3]


def _flush(waiting: list[Line]) -> Iterable[Item]:
    if waiting:
        yield Item("folded" if len(waiting) >= FOLD_FROM else "lines", lines=list(waiting))
        waiting.clear()
