"""What happens to people. Changes of a contact or an agent carry old and new by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class ContactCreated(Event):
    contact_id: int


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    contact_id: int
    # field → [old, new]
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContactMerged(Event):
    """`absorbed_id` is now part of `contact_id`; what was moved stands in the merge."""

    contact_id: int
    absorbed_id: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class ContactSeparated(Event):
    """A merge was undone."""

    contact_id: int
    absorbed_id: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    organisation_id: int
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AddressBounced(Event):
    contact_id: int
    identity_id: int
    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AddressCleared(Event):
    contact_id: int
    identity_id: int
    address: str


@dataclass(frozen=True, kw_only=True)
class AgentChanged(Event):
    """An agent, invited (changes empty of old values) or edited; secrets are never in it."""

    agent_id: int
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged(Event):
    """Online, busy, away: [old, new]; `automatic` when silence, a sign of life or the clock did it."""

    agent_id: int
    availability: list[str] = field(default_factory=list)
    until: str = ""
    automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """An admin changed a team, role, status, list, tag, inbox …: `what` is its kind, `id` its row."""

    what: str
    id: int | None = None
    name: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
