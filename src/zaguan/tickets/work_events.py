"""What happens around the work on tickets: time, activities, checklists, products, promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class TimeLogged(Event):
    """Entries of one stretch of work; more than one where it crossed a border of the calendar."""

    entries: list[int]
    agent_id: int
    minutes: int
    day: str
    activity: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TimeChanged(Event):
    """Columns → [old, new]; `deleted` when it was taken away."""

    entry_id: int
    agent_id: int
    minutes: int
    changes: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class TimeDecided(Event):
    """Submitted, approved, rejected (with a reason) or taken back to open."""

    entry_id: int
    agent_id: int
    minutes: int
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HourBankLow(Event):
    """What is left of an organisation's hours fell to the level at which somebody wanted to know."""

    bank_id: int
    name: str
    left: int


@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(Event):
    activity_id: int
    kind_of_activity: str
    subject: str
    owner_id: int
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class ActivityChanged(Event):
    """Columns → [old, new]; `deleted` when it was taken away."""

    activity_id: int
    subject: str
    owner_id: int
    changes: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class ActivityDone(Event):
    activity_id: int
    subject: str
    owner_id: int
    done: bool = True


@dataclass(frozen=True, kw_only=True)
class Reminded(Event):
    """The time of a reminder came: of an activity or of a promise, for one agent."""

    agent_id: int
    about: str
    subject: str
    at: str
    activity_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChecklistChanged(Event):
    """Items by their texts."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ProductItemsChanged(Event):
    """Pieces of products, by what they are called, on a ticket."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ProductItemSaved(Event):
    """A piece in a customer's hands was recorded or changed."""

    item_id: int
    name: str
    changes: dict[str, Any] = field(default_factory=dict)
    # Whose it is and was, and which tickets are about it.
    contacts: list[int] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PromiseChanged(Event):
    """`promised_at` is [old, new] in ISO, "" for none."""

    promised_at: list[str]
    reason: str = ""
    public: bool = False
