"""What happens to approvals. `people` are names as they stood then, for the history."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Event):
    """Somebody was asked, or, `also`, somebody else too; `approvers` are the new rows, `agents` those of them at the desk."""

    approval_id: int
    question: str
    approvers: list[int] = field(default_factory=list)
    agents: list[int] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    needs: str = "one"
    holds: bool = False
    due_at: str = ""
    also: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalAnswered(Event):
    """One of them said yes or no; `state` is how the approval stands with it."""

    approval_id: int
    question: str
    answer: str
    state: str
    comment: str = ""
    asked_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(Event):
    """The question is no longer asked."""

    approval_id: int
    question: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalDue(Event):
    """The time until which it should have been decided is over; `agents` have not answered."""

    approval_id: int
    question: str
    due_at: str
    agents: list[int] = field(default_factory=list)
    asked_by: int | None = None
