"""What happens to tickets. Every event carries old and new, so that the history needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    subject: str
    channel: str
    requester_id: int | None = None
    team_id: int | None = None
    assignee_id: int | None = None
    status_id: int | None = None
    type_id: int | None = None
    is_internal: bool = False
    phase: str = ""
    # Its age counts from here; earlier than the event when somebody enters it afterwards.
    opened_at: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusChanged(Event):
    """`phases` and `statuses` are [old, new]; statuses are ids."""

    statuses: list[int]
    phases: list[str]
    reason: str = ""
    snoozed_until: str = ""
    # Of its type; what trackers and back-office tickets do is told elsewhere too.
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(Event):
    """To another agent: [old, new] ids, None for nobody."""

    assignees: list[int | None]
    # When it was given by itself: the name of the route, and its reasons as in `tickets.because`.
    because: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    teams: list[int | None]
    # As in TicketAssigned.
    because: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldsChanged(Event):
    """Plain fields: name → [old, new] as the reader should see them (subject, category, urgency, important …)."""

    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TagsChanged(Event):
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CopiesChanged(Event):
    """Addresses in CC."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TicketLinked(Event):
    kind_of_link: str
    other_id: int
    # Whether this ticket is the source of the link.
    outwards: bool


@dataclass(frozen=True, kw_only=True)
class TicketUnlinked(Event):
    """The same words as for a link that is made; the tickets no longer belong together in this way."""

    kind_of_link: str
    other_id: int
    outwards: bool


@dataclass(frozen=True, kw_only=True)
class TicketsExported(Event):
    """A view left the house as a table."""

    view: str
    query: str = ""
    columns: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PartyAdded(Event):
    """Somebody takes part in a role; name and address as they were then."""

    party_id: int
    role: str
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class PartyRemoved(Event):
    party_id: int
    role: str
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class PartyRoleChanged(Event):
    """Somebody takes part in another role; `roles` are [old, new] as they were called then."""

    party_id: int
    roles: list[str]
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class TicketFollowed(Event):
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUnfollowed(Event):
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class AttributesChanged(Event):
    """Attribute id → [old, new] in stored form; `names` are those of the attributes at that time."""

    changes: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TypeChanged(Event):
    """`types` are [old, new] ids, None for a conversation; `changes` as in AttributesChanged."""

    types: list[int | None]
    changes: dict[str, Any] = field(default_factory=dict)
