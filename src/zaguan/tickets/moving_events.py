"""What happens to whole tickets: they become one, part, lie in the trash, wait for their time."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class TicketsMerged(Event):
    """Told of the one that stays."""

    merged: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TicketMergedAway(Event):
    """Told of the one that went."""

    into: int


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    """Told of both; `outwards` in the one that stayed."""

    other_id: int
    outwards: bool


@dataclass(frozen=True, kw_only=True)
class MessagesMoved(Event):
    """A ticket was split: told of both; `outwards` in the one that they left."""

    other_id: int
    messages: int
    outwards: bool


@dataclass(frozen=True, kw_only=True)
class MessagesCopied(Event):
    """A clone took over what was said in `other_id`."""

    other_id: int
    messages: int


@dataclass(frozen=True, kw_only=True)
class TicketTrashed(Event):
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketRestored(Event):
    """Back from the trash."""


@dataclass(frozen=True, kw_only=True)
class TicketPurged(Event):
    """Erased for good: nothing else is left of it."""


@dataclass(frozen=True, kw_only=True)
class ScheduleChanged(Event):
    """`what`: planned, changed, paused, resumed, cancelled, opened, failed."""

    schedule_id: int
    what: str
    opened: int | None = None
