"""A list of actions with their values: read from outside, checked, said in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from zaguan.automation.base import Action, Preview, action_named
from zaguan.automation.models import StepRow
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

MOST = 20


@dataclass(frozen=True)
class Step:
    """One action with its values."""

    action: Action
    values: dict[str, Any]

    @property
    def row(self) -> StepRow:
        return {"action": self.action.key, "values": self.values}

    def sentence(self) -> str:
        """What it does; what is wrong with it when it cannot be done any more."""
        try:
            return self.action.describe(self.values)
        except Refused as refused:
            return f"{self.action.label}: {refused.sentence}"

    @property
    def problem(self) -> str:
        """Why it cannot be done anywhere, "" when it can."""
        try:
            self.action.describe(self.values)
        except Refused as refused:
            return refused.sentence
        return ""


def stored(rows: Iterable[StepRow]) -> list[Step]:
    """Steps that were checked when they were stored."""
    return [Step(action_named(row["action"]), row.get("values", {})) for row in rows]


def checked(rows: Iterable[StepRow], viewer: Agent) -> list[Step]:
    """Steps from outside. Raises Refused for none, too many, an unknown action or a wrong value."""
    given = list(rows)
    if not given:
        raise Refused(_("Add at least one action."), field="steps")
    if len(given) > MOST:
        raise Refused(_("A macro has up to %(count)d actions.") % {"count": MOST}, field="steps")
    found = []
    for row in given:
        action = action_named(str(row.get("action", "")))
        found.append(Step(action, action.clean(row.get("values") or {}, viewer)))
    return found


def missing(steps: Iterable[Step], agent: Agent) -> list[str]:
    """The permissions that the agent lacks for these steps."""
    needed = dict.fromkeys(step.action.permission for step in steps)
    return [permission for permission in needed if not agent.can(permission)]


def previews(steps: Iterable[Step], ticket: Ticket, *, by: Any) -> list[Preview]:
    """What each step would do to one ticket; a step that cannot be done says why."""
    found: list[Preview] = []
    filled: set[str] = set()
    for step in steps:
        try:
            each = step.action.preview(ticket, step.values, by=by)
        except Refused as refused:
            each = Preview(str(step.action.label), problem=refused.sentence)
        if each.lacks and set(each.lacks) <= filled:
            each = replace(each, problem="", lacks=())
        filled |= set() if each.problem else set(step.action.keeps)
        found.append(each)
    return found


def title_of(steps: Iterable[Step]) -> str:
    """The steps in one line."""
    return ", ".join(step.sentence() for step in steps)[:200]
