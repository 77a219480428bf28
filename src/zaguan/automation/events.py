"""What macros, bulk changes and rules did."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class MacroApplied(Event):
    """A macro was run on this ticket; the changes it made name this event as their cause."""

    macro_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class MacroUndone(Event):
    """What a macro had done to this ticket was taken back."""

    macro_id: int | None
    name: str


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """Somebody began to change many tickets; the changes name this event as their cause."""

    run_id: int
    title: str
    total: int


@dataclass(frozen=True, kw_only=True)
class RunEnded(Event):
    """All of them were handled, or the run was stopped or taken back: `state` says which."""

    run_id: int
    title: str
    state: str
    done: int
    refused: int
    undone: int = 0


@dataclass(frozen=True, kw_only=True)
class RuleApplied(Event):
    """A rule acts on this ticket; the changes it makes name this event as their cause."""

    rule_id: int
    name: str
    version: int


@dataclass(frozen=True, kw_only=True)
class RuleBraked(Event):
    """A rule acted too often and was stopped, until somebody switches it on again."""

    rule_id: int
    name: str
    reason: str
