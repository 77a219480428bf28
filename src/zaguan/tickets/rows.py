"""One line of a ticket list: read in few queries, whatever it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from zaguan.lib.many import PreparedMany
from zaguan.lib.recent import Recent
from zaguan.people.models import Agent, Team
from zaguan.tickets import reference
from zaguan.tickets.models import (
    DONE_RANK,
    HIDDEN_RANK,
    Category,
    Service,
    Status,
    Tag,
    Ticket,
    TicketQuerySet,
    TicketType,
    Urgency,
)
from zaguan.tickets.seeing import visible_among

# In the order of Row's first fields.
COLUMNS = (
    *("id", "public_id", "subject", "is_internal", "is_important", "channel", "inbox_id", "account"),
    *(
        "requester_id",
        "requester__name",
        "organisation_id",
        "team_id",
        "assignee_id",
        "status_id",
        "status_reason",
    ),
    *("phase", "rank", "category_id", "urgency_id", "urgency_rank", "service_id", "type_id"),
    *("created_at", "updated_at", "active_at", "waiting_since", "last_customer_at", "snoozed_until"),
    *("excerpt", "excerpt_kind", "excerpt_agent_id", "message_count", "note_count", "has_files", "version"),
    *("due_at", "due_kind", "sla_state", "approval_state"),
)


@dataclass(slots=True)
class Row:
    """What a list item shows of a ticket (A2.15)."""

    id: int
    public_id: str
    subject: str
    is_internal: bool
    is_important: bool
    channel: str
    inbox_id: int | None
    account: str
    requester_id: int | None
    requester_name: str | None
    organisation_id: int | None
    team_id: int | None
    assignee_id: int | None
    status_id: int
    status_reason: str
    phase: str
    rank: int
    category_id: int | None
    urgency_id: int | None
    urgency_rank: int
    service_id: int | None
    type_id: int | None
    created_at: datetime
    updated_at: datetime
    active_at: datetime
    waiting_since: datetime | None
    last_customer_at: datetime | None
    snoozed_until: datetime | None
    excerpt: str
    excerpt_kind: str
    excerpt_agent_id: int | None
    message_count: int
    note_count: int
    has_files: bool
    version: int
    due_at: datetime | None = None
    due_kind: str | None = None
    sla_state: str | None = None
    approval_state: str | None = None
    tags: list[Tag] = field(default_factory=list)
    # Set by the apps above, for the viewer: the customer wrote after they last looked; they have a draft here
    # ("reply", "note"); they were named in a note and have not read it.
    unread: bool = False
    drafts: tuple[str, ...] = ()
    mentioned: bool = False
    # The line of the database: where it is equal, so is all that does not come from the apps above.
    source: tuple[Any, ...] = ()

    @property
    def number(self) -> int:
        return self.id

    @property
    def is_done(self) -> bool:
        return self.rank >= DONE_RANK

    @property
    def team(self) -> Team | None:
        return reference.teams.get(self.team_id)

    @property
    def assignee(self) -> Agent | None:
        return reference.agents.get(self.assignee_id)

    @property
    def status(self) -> Status:
        found = reference.statuses.get(self.status_id)
        assert found is not None, "a status in use cannot be deleted"
        return found

    @property
    def category(self) -> Category | None:
        return reference.categories.get(self.category_id)

    @property
    def urgency(self) -> Urgency | None:
        return reference.urgencies.get(self.urgency_id)

    @property
    def service(self) -> Service | None:
        return reference.services.get(self.service_id)

    @property
    def type(self) -> TicketType | None:
        return reference.types.get(self.type_id)


Marker = Callable[[Agent, dict[int, Row]], None]
_markers: list[Marker] = []


def marker(function: Marker) -> Marker:
    """Let an app above add what it knows to the rows of one page, in one query."""
    _markers.append(function)
    return function


_by_number = PreparedMany(
    lambda numbers: Ticket.objects.filter(pk__in=numbers, rank__lt=HIDDEN_RANK).values_list(*COLUMNS)
)
_converted: Recent[tuple[tuple[Any, ...], tuple[Any, ...]]] = Recent(5000)
_tags = PreparedMany(
    lambda numbers: Ticket.tags.through.objects.filter(ticket_id__in=numbers).values_list(
        "ticket_id", "tag_id", "id"
    )
)


def read_rows(tickets: TicketQuerySet, viewer: Agent) -> list[Row]:
    """The rows of a queryset that is already ordered, scoped and limited."""
    return rows_by_number(list(tickets.values_list("pk", flat=True)), viewer)


def rows_of(viewer: Agent, numbers: Iterable[int]) -> list[Row]:
    """The rows of these tickets in this order, as far as the viewer may know of them."""
    wanted = list(numbers)
    visible = visible_among(viewer, wanted)
    return rows_by_number([number for number in wanted if number in visible], viewer)


def rows_by_number(numbers: list[int], viewer: Agent) -> list[Row]:
    """The rows of tickets that the viewer is known to see, in this order."""
    if not numbers:
        return []
    found = {raw[0]: raw for raw in _by_number.raw(numbers)}
    rows = {number: _row(found[number]) for number in numbers if number in found}
    tags = reference.tags.all()
    for number, tag_id, _place in sorted(_tags(numbers), key=itemgetter(2)):
        tag = tags.get(tag_id) or reference.tags.get(tag_id)
        if tag and number in rows:
            rows[number].tags.append(tag)
    for mark in _markers:
        mark(viewer, rows)
    return list(rows.values())


def _row(raw: tuple[Any, ...]) -> Row:
    """The same line of the database gives the same values; they are converted once."""
    kept = _converted.get(raw)
    if kept is None:
        kept = _converted.put(raw, (raw, _by_number.convert([raw])[0]))
    row = Row(*kept[1])
    row.source = kept[0]
    return row
