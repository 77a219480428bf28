"""The actions of a macro while it is edited: a form for each, added, moved and taken away without losing a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from zaguan.automation.base import Action, ActionForm, action_named
from zaguan.automation.models import Macro, Rule, StepRow
from zaguan.automation.steps import MOST, stored
from zaguan.people.models import Agent


@dataclass
class StepRows:
    """Pairs of an action and its form, in order; `was_moved` when a button changed the list itself."""

    rows: list[tuple[Action, ActionForm]]
    was_moved: bool = False

    @property
    def are_valid(self) -> bool:
        # Each is asked, so that each says what is wrong with it.
        return sum(form.is_valid() for _action, form in self.rows) == len(self.rows)

    @property
    def values(self) -> list[StepRow]:
        return [{"action": action.key, "values": form.cleaned_data} for action, form in self.rows]


def leave_gaps(forms: Iterable[ActionForm]) -> None:
    """While parts are still added and moved, what was left empty is not wrong yet."""
    for form in forms:
        for name in [each.name for each in form if each.errors and each.value() in (None, "", [])]:
            del form.errors[name]


def rows_of(viewer: Agent, kept: Macro | Rule | None) -> StepRows:
    """The actions of a macro or a rule as they are stored."""
    steps = stored(kept.steps) if kept else []
    rows = [
        (step.action, step.action.form(viewer, prefix=f"step-{place}", initial=step.values))
        for place, step in enumerate(steps)
    ]
    return StepRows(rows)


def rows_posted(viewer: Agent, posted: QueryDict) -> StepRows:
    """The actions as they were typed; `do` may add one ("add"), move one ("up:2", "down:2") or drop one ("drop:2")."""
    keys = [(place, posted.get(f"step-{place}-key", "")) for place in range(MOST)]
    order = [(place, key) for place, key in keys if key]
    do, _colon, at = posted.get("do", "").partition(":")
    order, moved = _moved(order, do, at)
    rows: list[tuple[Action, ActionForm]] = []
    for new, (old, key) in enumerate(order):
        action = action_named(key)
        values: Any = _renumbered(posted, old, new)
        rows.append((action, action.form(viewer, values, prefix=f"step-{new}")))
    if do == "add" and posted.get("add") and len(rows) < MOST:
        action = action_named(str(posted["add"]))
        rows.append((action, action.form(viewer, prefix=f"step-{len(rows)}")))
        moved = True
    return StepRows(rows, was_moved=moved)


def _moved(order: list[tuple[int, str]], do: str, at: str) -> tuple[list[tuple[int, str]], bool]:
    if do not in ("up", "down", "drop") or not at.isdigit() or int(at) >= len(order):
        return order, do == "add"
    place, new = int(at), list(order)
    if do == "drop":
        del new[place]
    else:
        other = max(0, min(len(new) - 1, place + (-1 if do == "up" else 1)))
        new[place], new[other] = new[other], new[place]
    return new, True


def _renumbered(posted: QueryDict, old: int, new: int) -> dict[str, Any]:
    before, after = f"step-{old}-", f"step-{new}-"
    return {after + name.removeprefix(before): posted[name] for name in posted if name.startswith(before)}
