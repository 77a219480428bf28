"""What the page of one ticket is made of, read with few quick questions.

The first question passes the gate (`visible_to`); all others are about the ticket that came through it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Left

from zaguan.conversations.models import Attachment, Delivery, Message, Seen
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Agent, Role
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import Ticket

PAGE = 20
# As many as a page that stays open may grow to.
LONGEST = 300
_TICKET_COLUMNS = [f.attname for f in Ticket._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class File:
    id: int
    public_id: str
    name: str
    content_type: str
    size: int
    content_id: str
    is_inline: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery as the page tells of it."""

    id: int
    address: str
    state: str
    answer: str
    code: str
    attempt: int


@dataclass(slots=True)
class Parts:
    """What belongs to one message."""

    files: list[File] = field(default_factory=list)
    deliveries: list[Attempt] = field(default_factory=list)


def find_ticket(viewer: Agent, number: int) -> tuple[Ticket, datetime | None] | None:
    """The ticket if the viewer may know of it, and when they last looked at it. A merged number leads to the survivor."""
    if not 0 < number < 2**62:
        return None
    everything = viewer.scope == Role.Scope.ALL
    teams = frozenset() if everything else frozenset(viewer.team_ids())
    rows = _gate(viewer.pk, viewer.can("desk.use"), viewer.scope, everything, teams, _Viewer(viewer))(number)
    if not rows:
        survivor = survivor_number(number)
        return find_ticket(viewer, survivor) if survivor else None
    *columns, seen_at = rows[0]
    return Ticket.from_db("default", _TICKET_COLUMNS, columns), seen_at


class _Viewer:
    """Carries the agent past the cache below, whose key says all that matters about them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Viewer)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=512)
def _gate(
    pk: int, may: bool, scope: str, everything: bool, teams: frozenset[int], viewer: _Viewer
) -> Prepared:
    seen = Seen.objects.filter(agent=viewer.agent, ticket=OuterRef("pk")).values("at")[:1]

    def build(number: int) -> QuerySet[Ticket, Any]:
        rows = Ticket.objects.visible_to(viewer.agent).filter(pk=number)
        return rows.annotate(seen_at=Subquery(seen)).values_list(*_TICKET_COLUMNS, "seen_at")

    return Prepared(build)


# What came in as HTML is shown in a frame of its own: its first letters tell that there is some.
_framed = Q(direction="in") & ~Q(channel="phone")
_body = Case(When(_framed, then=Left("html", 1)), default=F("html"), output_field=TextField())
_MESSAGE_COLUMNS = [f.attname for f in Message._meta.concrete_fields if f.attname != "html"]


def _messages(ticket: int) -> QuerySet[Message, Any]:
    shown = Message.objects.without_side().filter(ticket_id=ticket, withdrawn_at=None).order_by("-id")
    return shown.annotate(body=_body).values_list(*_MESSAGE_COLUMNS, "body")


_latest = Prepared(lambda ticket: _messages(ticket)[: PAGE + 1])
_earlier = Prepared(lambda ticket, before: _messages(ticket).filter(id__lt=before)[: PAGE + 1], 2)
_since = Prepared(lambda ticket, first: _messages(ticket).filter(id__gte=first)[:LONGEST], 2)
_one = Prepared(lambda ticket, pk: _messages(ticket).filter(id=pk), 2)


def messages_of(ticket: Ticket, before: int | None = None) -> tuple[list[Message], bool]:
    """A page of messages, oldest first, and whether there are earlier ones. `html` of received ones is cut."""
    rows = _latest(ticket.pk) if before is None else _earlier(ticket.pk, before)
    found = [_message(row, ticket) for row in rows[:PAGE]]
    found.reverse()
    return found, len(rows) > PAGE


def messages_since(ticket: Ticket, first: int) -> list[Message]:
    """The messages from this one on, oldest first."""
    return [_message(row, ticket) for row in reversed(_since(ticket.pk, first))]


def one_message(ticket: Ticket, pk: int) -> Message | None:
    """One message of the ticket, read in the same way."""
    rows = _one(ticket.pk, pk)
    return _message(rows[0], ticket) if rows else None


def _message(row: tuple[Any, ...], ticket: Ticket) -> Message:
    message = Message.from_db("default", [*_MESSAGE_COLUMNS, "html"], _in_order(row))
    message.ticket = ticket
    return message


_HTML_AT = [f.attname for f in Message._meta.concrete_fields].index("html")


def _in_order(row: tuple[Any, ...]) -> list[Any]:
    """`from_db` reads a full row by position, so the body goes to where `html` stands."""
    return [*row[:_HTML_AT], row[-1], *row[_HTML_AT:-1]]


_TEXTS = ("a", "b", "c", "d")


def texts(rows: QuerySet[Any], *values: Any) -> QuerySet[Any]:
    """The rows with up to four texts named alike, so that different tables can be read in one question."""
    given = [*values, *[Value("")] * (len(_TEXTS) - len(values))]
    named = {name: Cast(value, TextField()) for name, value in zip(_TEXTS, given, strict=True)}
    annotated: QuerySet[Any] = rows.order_by().annotate(**named)
    return annotated


def _number(value: Any) -> Cast:
    return Cast(value, BigIntegerField())


def _parts(ticket: int, first: int) -> QuerySet[Any, Any]:
    uploaded = Attachment.objects.filter(message__ticket_id=ticket, message_id__gte=first)
    inline = Case(When(is_inline=True, then=Value(1)), default=Value(0))
    files = texts(uploaded, "public_id", "name", "content_type", "content_id")
    files = files.annotate(k=Value(1), number=_number("size"), flag=inline)
    tried = Delivery.objects.filter(message__ticket_id=ticket, message_id__gte=first)
    attempts = texts(tried, "address", "state", "code", "answer")
    attempts = attempts.annotate(k=Value(2), number=_number("attempt"), flag=Value(0))
    columns = ("k", "message_id", "id", "number", "flag", *_TEXTS)
    both: QuerySet[Any, Any] = files.values_list(*columns).union(attempts.values_list(*columns), all=True)
    return both


_parts_from = Prepared(_parts, 2)


def parts_of(messages: Iterable[Message]) -> dict[int, Parts]:
    """Files and deliveries by message, for messages of one ticket."""
    asked = [m for m in messages if m.has_files or m.direction == Message.Direction.OUT]
    found: dict[int, Parts] = defaultdict(Parts)
    if not asked:
        return found
    for kind, message, pk, number, flag, a, b, c, d in _parts_from(
        asked[0].ticket_id, min(m.pk for m in asked)
    ):
        if kind == 1:
            found[message].files.append(File(pk, a, b, c, number, d, bool(flag)))
        else:
            found[message].deliveries.append(Attempt(pk, a, b, d, c, number))
    for parts in found.values():
        parts.files.sort(key=lambda f: f.id)
        parts.deliveries.sort(key=lambda d: d.id)
    return found
