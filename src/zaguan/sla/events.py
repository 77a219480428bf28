"""What happens to promises of time."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class TargetNear(Event):
    """A target is about to be missed. `target` is first, next, resolution or update; `due_at` an ISO moment in UTC.

    `share` is how much of the time has gone, in percent. `waiting` are the conversations that wait for this back-office
    ticket: it concerns those who have them as well.
    """

    clock_id: int
    target: str
    policy_id: int | None = None
    due_at: str = ""
    share: int = 0
    waiting: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TargetMissed(Event):
    """The moment `due_at` passed, and the target was not met. `waiting` as in TargetNear."""

    clock_id: int
    target: str
    policy_id: int | None = None
    due_at: str = ""
    waiting: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LinkedTargetMissed(Event):
    """Told of a conversation: the back-office ticket `other_id` that it waits for missed a target."""

    other_id: int
    target: str
    due_at: str = ""


@dataclass(frozen=True, kw_only=True)
class RerunStarted(Event):
    """Somebody began to apply what is promised anew to open tickets; `policy` is its name, "" for all."""

    rerun_id: int
    policy: str = ""
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class RerunEnded(Event):
    """It is applied to all of them, or was stopped: `state` says which."""

    rerun_id: int
    policy: str = ""
    state: str = "done"
    applied: int = 0
