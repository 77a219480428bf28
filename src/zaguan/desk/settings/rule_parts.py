"""The triggers and conditions of a rule while it is edited: a form for each, added and taken away without losing a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.http import QueryDict

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, all_conditions, condition_named
from zaguan.automation.triggers import Trigger, all_triggers, kinds_of, trigger_named
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

MOST = 20


P = TypeVar("P", Trigger, Condition)


@dataclass
class Part(Generic[P]):
    """One trigger or condition with its form; `turned`: it must not be so."""

    piece: P
    form: ActionForm
    turned: bool = False


@dataclass
class Parts(Generic[P]):
    """All triggers or all conditions, in order; `was_moved` when a button changed the list itself."""

    # "when" or "if": what the names of its fields begin with, and "trigger" or "condition": how a row names its piece.
    name: str
    column: str
    rows: list[Part[P]] = field(default_factory=list)
    was_moved: bool = False

    @property
    def are_valid(self) -> bool:
        # Each is asked, so that each says what is wrong with it.
        return sum(row.form.is_valid() for row in self.rows) == len(self.rows)

    @property
    def values(self) -> list[dict[str, Any]]:
        """The rows as they are stored; of those that are not right what was typed."""
        return [self._row(row) for row in self.rows if row.form.is_valid()]

    def _row(self, row: Part[P]) -> dict[str, Any]:
        stored = {self.column: row.piece.key, "values": row.form.cleaned_data}
        return stored | ({"not": row.turned} if self.column == "condition" else {})


def stored_parts(
    viewer: Agent, name: str, column: str, rows: Iterable[dict[str, Any]], named: Callable[[str], P]
) -> Parts[P]:
    """As they stand on a rule; what this version does not know is left out."""
    parts: Parts[P] = Parts(name, column)
    for place, row in enumerate(rows):
        try:
            piece = named(row[column])
        except Refused:
            continue
        form = piece.form(viewer, prefix=f"{name}-{place}", initial=row.get("values") or {})
        parts.rows.append(Part(piece, form, bool(row.get("not"))))
    return parts


def posted_parts(
    viewer: Agent, name: str, column: str, posted: QueryDict, named: Callable[[str], P]
) -> Parts[P]:
    """As they were typed; `do` may add one ("when-add") or take one away ("when-drop:2")."""
    parts: Parts[P] = Parts(name, column)
    do, _colon, at = posted.get("do", "").partition(":")
    dropped = int(at) if do == f"{name}-drop" and at.isdigit() else -1
    there = [(place, key) for place in range(MOST) if (key := posted.get(f"{name}-{place}-key", ""))]
    parts.was_moved = do in (f"{name}-add", f"{name}-drop")
    for new, (old, key) in enumerate(pair for pair in there if pair[0] != dropped):
        piece, before, after = named(key), f"{name}-{old}-", f"{name}-{new}-"
        values: Any = {after + k.removeprefix(before): posted[k] for k in posted if k.startswith(before)}
        parts.rows.append(
            Part(piece, piece.form(viewer, values, prefix=f"{name}-{new}"), f"{before}not" in posted)
        )
    wanted = posted.get(f"{name}-add", "")
    if do == f"{name}-add" and wanted and len(parts.rows) < MOST:
        piece = named(wanted)
        parts.rows.append(Part(piece, piece.form(viewer, prefix=f"{name}-{len(parts.rows)}")))
    return parts


def triggers_of(viewer: Agent, rows: Iterable[dict[str, Any]]) -> Parts[Trigger]:
    return stored_parts(viewer, "when", "trigger", rows, trigger_named)


def triggers_posted(viewer: Agent, posted: QueryDict) -> Parts[Trigger]:
    return posted_parts(viewer, "when", "trigger", posted, trigger_named)


def conditions_of(viewer: Agent, rows: Iterable[dict[str, Any]]) -> Parts[Condition]:
    return stored_parts(viewer, "if", "condition", rows, condition_named)


def conditions_posted(viewer: Agent, posted: QueryDict) -> Parts[Condition]:
    return posted_parts(viewer, "if", "condition", posted, condition_named)


GROUPS = ("ticket", "message", "change", "time")


def offered_triggers() -> list[Trigger]:
    """Those of one group beside each other."""
    return sorted(all_triggers(), key=lambda trigger: GROUPS.index(trigger.group))


def offered_conditions(triggers: Parts[Trigger]) -> list[Condition]:
    """Those that at least one of the chosen triggers can answer."""
    kinds = kinds_of([{"trigger": row.piece.key} for row in triggers.rows])
    return [
        condition for condition in all_conditions() if not condition.kinds or kinds & set(condition.kinds)
    ]
