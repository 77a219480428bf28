"""One line of a ticket list: read in few queries, whatever it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from zaguan.people.models import Agent, Team
from zaguan.tickets import reference
from zaguan.tickets.models import DONE_RANK, Category, Service, Status, Tag, Ticket, TicketQuerySet, Urgency

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
    *("phase", "rank", "category_id", "urgency_id", "urgency_rank", "service_id"),
    *("created_at", "updated_at", "active_at", "waiting_since", "last_customer_at", "snoozed_until"),
    *("excerpt", "excerpt_kind", "message_count", "note_count", "has_files", "version"),
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
    created_at: datetime
    updated_at: datetime
    active_at: datetime
    waiting_since: datetime | None
    last_customer_at: datetime | None
    snoozed_until: datetime | None
    excerpt: str
    excerpt_kind: str
    message_count: int
    note_count: int
    has_files: bool
    version: int
    tags: list[Tag] = field(default_factory=list)
    # Set by the apps above, for the viewer: the customer wrote after they last looked; they have a draft here
    # ("reply", "note"); they were named in a note and have not read it.
    unread: bool = False
    drafts: tuple[str, ...] = ()
    mentioned: bool = False

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


Marker = Callable[[Agent, dict[int, Row]], None]
_markers: list[Marker] = []


def marker(function: Marker) -> Marker:
    """Let an app above add what it knows to the rows of one page, in one query."""
    _markers.append(function)
    return function


def read_rows(tickets: TicketQuerySet, viewer: Agent) -> list[Row]:
    """The rows of a queryset that is already ordered, scoped and limited."""
    rows = [Row(*values) for values in tickets.values_list(*COLUMNS)]
    return _complete(rows, viewer)


def rows_of(viewer: Agent, numbers: Iterable[int]) -> list[Row]:
    """The rows of these tickets in this order, as far as the viewer may know of them."""
    wanted = list(numbers)
    found = read_rows(Ticket.objects.visible_to(viewer).filter(pk__in=wanted), viewer)
    return in_order(found, wanted)


def in_order(rows: list[Row], numbers: list[int]) -> list[Row]:
    """The rows as their numbers stand; missing ones are left out."""
    by_number = {row.id: row for row in rows}
    return [by_number[number] for number in numbers if number in by_number]


def _complete(rows: list[Row], viewer: Agent) -> list[Row]:
    if not rows:
        return rows
    by_number = {row.id: row for row in rows}
    worn = Ticket.tags.through.objects.filter(ticket_id__in=by_number).order_by("id")
    for number, tag_id in worn.values_list("ticket_id", "tag_id"):
        tag = reference.tags.get(tag_id)
        if tag:
            by_number[number].tags.append(tag)
    for mark in _markers:
        mark(viewer, by_number)
    return rows
