"""What the shared pieces need to know to draw themselves; pages fill these from their own models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise: `state` is running, risk, late, met or paused; `left` seconds, negative when late, None when unknown."""

    state: str
    left: float | None = None
    # How much of the time is used, 0 to 100, for the arc.
    used: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A small icon with a meaning in words: padlock, globe, type, important."""

    icon: str
    label: str
    # "", late, public or internal
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """One ticket as every list shows it."""

    url: str
    number: int
    subject: str
    name: str
    moment: datetime
    status: str
    phase: str
    # Colour of the avatar: anything stable of the person.
    key: object = ""
    # Icon of the channel, e.g. mail.
    channel_icon: str = ""
    channel: str = ""
    excerpt: str = ""
    # Who said the last word: "" the customer, "you", "agent" or "note".
    excerpt_by: str = ""
    is_unread: bool = False
    has_draft: bool = False
    clock: Clock | None = None
    marks: Sequence[Mark] = ()
    # Of a ticket of a type: its icon, its name, and customer, back_office or tracker (A13.17).
    type_icon: str = ""
    type_label: str = ""
    type_category: str = ""
    tags: Sequence[str] = ()
    assignee: str = ""
    assignee_key: object = ""
