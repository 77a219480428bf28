"""What happens to promises of time."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class TargetNear(Event):
    """A target is about to be missed. `target` is first, next, resolution or update; `due_at` an ISO moment in UTC.

    `share` is how much of the time has gone, in percent.
    """

    clock_id: int
    target: str
    policy_id: int | None = None
    due_at: str = ""
    share: int = 0


@dataclass(frozen=True, kw_only=True)
class TargetMissed(Event):
    """The moment `due_at` passed, and the target was not met."""

    clock_id: int
    target: str
    policy_id: int | None = None
    due_at: str = ""
