"""A ticket's past from its events: what changed, the feed, and who it was with. Newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet

from zaguan.events.history import events_of
from zaguan.events.models import EventRecord
from zaguan.people.models import Agent, Contact
from zaguan.tickets import reference
from zaguan.tickets.history_lines import Line, Names, label_of, line_of, told_kinds
from zaguan.tickets.models import Ticket
from zaguan.tickets.seeing import hidden_in

KIND_OF_FIELD = {
    "status": "tickets.StatusChanged",
    "assignee": "tickets.TicketAssigned",
    "team": "tickets.TeamChanged",
    "tags": "tickets.TagsChanged",
    "copies": "tickets.CopiesChanged",
    "type": "tickets.TypeChanged",
    "attributes": "tickets.AttributesChanged",
}
PLAIN = "tickets.FieldsChanged"
PLAIN_FIELDS = ("subject", "category", "urgency", "service", "is_important", "requester", "summary")
# Who has it, who classified it, who finished it.
HANDLING = (
    "tickets.TicketOpened",
    "tickets.TicketAssigned",
    "tickets.TeamChanged",
    "tickets.StatusChanged",
    PLAIN,
)
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """Something that happened: the sentence says who and what."""

    id: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    who: str
    sentence: str
    cause_id: int | None


@dataclass(frozen=True)
class Change(Entry):
    """One field that changed."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Handling(Entry):
    """A step of the ticket's way, and with whom it was after that."""

    assignee: str
    team: str
    status: str


@dataclass(frozen=True)
class Part(Generic[T]):
    """Some entries, newest first, and where the older ones start (None at the end)."""

    entries: list[T]
    older: int | None = None


def changes(
    ticket: Ticket, *, field: str = "", by: Agent | None = None, before: int | None = None, size: int = 50
) -> Part[Change]:
    """Field, old, new, who, when (A11.1); of one field or of one agent if asked."""
    kinds = [KIND_OF_FIELD[field]] if field in KIND_OF_FIELD else [*KIND_OF_FIELD.values(), PLAIN]
    condition = (
        Q(kind__in=[PLAIN], data__changes__has_key=field) if field in PLAIN_FIELDS else Q(kind__in=kinds)
    )
    if by is not None:
        condition &= Q(actor_kind="agent", actor_id=by.pk)
    rows, older = _read(ticket, condition, before, size)
    found = [
        Change(*_head(row, names, line), d.field, d.label, d.old, d.new)
        for row, line, names in _told(rows)
        for d in line.differences
        if field in ("", d.field)
    ]
    return Part(found, older)


def feed(
    ticket: Ticket,
    *,
    viewer: Agent | None = None,
    reader: Agent | None = None,
    before: int | None = None,
    size: int = 50,
) -> Part[Entry]:
    """Everything that happened, one readable sentence each (A11.4), without tickets that `viewer` may not know of.

    The `reader` is called “you”: for pages that nobody else sees.
    """
    rows, older = _read(ticket, Q(kind__in=told_kinds()), before, size)
    return Part([Entry(*_head(row, names, line)) for row, line, names in _told(rows, viewer, reader)], older)


def assignments(
    ticket: Ticket, *, reader: Agent | None = None, before: int | None = None, size: int = 50
) -> Part[Handling]:
    """To whom it was assigned, who classified, handled and closed it, and with whom it was then (A11.2)."""
    rows, older = _read(ticket, Q(kind__in=HANDLING), before, size)
    found = []
    now = {"assignee": ticket.assignee_id, "team": ticket.team_id, "status": ticket.status_id}
    if before is not None:
        now = _state_at(ticket, before, now)
    for row, line, names in _told(rows, reader=reader):
        after = names.agent(now["assignee"]), names.team(now["team"]), names.status(now["status"])
        found.append(Handling(*_head(row, names, line), *after))
        now |= _before(row)
    return Part(found, older)


def changers(ticket: Ticket) -> list[Agent]:
    """The agents who changed a field of the ticket, by name."""
    kinds = [*KIND_OF_FIELD.values(), PLAIN]
    rows = events_of(ticket.pk).filter(kind__in=kinds, actor_kind="agent").order_by()
    numbers = rows.values_list("actor_id", flat=True).distinct()
    found = (reference.agents.get(number) for number in numbers)
    return sorted((agent for agent in found if agent), key=lambda agent: agent.name.lower())


def changed_fields() -> dict[str, str]:
    """What the table of changes can be narrowed to, with labels."""
    return {field: label_of(field) for field in (*KIND_OF_FIELD, *PLAIN_FIELDS)}


def _read(
    ticket: Ticket, condition: Q, before: int | None, size: int
) -> tuple[list[EventRecord], int | None]:
    rows: QuerySet[EventRecord] = events_of(ticket.pk).filter(condition).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def _told(
    rows: list[EventRecord], viewer: Agent | None = None, reader: Agent | None = None
) -> Iterable[tuple[EventRecord, Line, Names]]:
    contacts = {row.actor_id for row in rows if row.actor_kind == "contact" and row.actor_id}
    known = Contact.objects.filter(pk__in=contacts).values_list("pk", "name") if contacts else ()
    hidden = hidden_in(viewer, [row.data for row in rows]) if viewer else frozenset[int]()
    names = Names(dict(known), hidden, reader.pk if reader else None)
    for row in rows:
        line = line_of(row, names)
        if line is not None:
            yield row, line, names


def _head(
    row: EventRecord, names: Names, line: Line
) -> tuple[int, str, datetime, str, int | None, str, str, int | None]:
    who = names.of_actor(row.actor_kind, row.actor_id)
    return row.pk, row.kind, row.at, row.actor_kind, row.actor_id, who, line.sentence, row.cause_id


def entry_of(row: EventRecord, viewer: Agent) -> Entry | None:
    """One event as the feed tells it; None for what is not told."""
    return next((Entry(*_head(row, names, line)) for row, line, names in _told([row], viewer)), None)


def _before(row: EventRecord) -> dict[str, int | None]:
    """What stood before an event, of what it changed."""
    fields = {"assignees": "assignee", "teams": "team", "statuses": "status"}
    return {fields[key]: row.data[key][0] for key in fields if key in row.data}


def _state_at(ticket: Ticket, before: int, now: dict[str, int | None]) -> dict[str, int | None]:
    """Walk back from today over the events that are on later pages."""
    for row in events_of(ticket.pk).filter(kind__in=HANDLING, pk__gte=before).order_by("-id"):
        now = now | _before(row)
    return now
