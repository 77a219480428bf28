"""What must be true of the change that starts a rule, beside what its filter says of the ticket."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from zaguan.automation.base import ActionForm, cleaned
from zaguan.automation.facts import Fact
from zaguan.automation.models import ConditionRow
from zaguan.automation.seen_words import SeenValue
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

Values = dict[str, Any]
MOST = 20


@dataclass(frozen=True)
class Seen:
    """Whether a condition holds, and the value it looked at (automation/seen_words.py says it)."""

    true: bool
    seen: SeenValue = ""


class Condition(ABC):
    """One question about a change. Subclass it in automation/change_conditions.py or a file beside it."""

    key: ClassVar[str]
    label: ClassVar[Any]
    # The events that can answer it; () for all, also for time.
    kinds: ClassVar[tuple[str, ...]] = ()
    form: ClassVar[type[ActionForm]] = ActionForm
    # It reads more than the event: asked after those that need nothing.
    reads: ClassVar[bool] = False

    @abstractmethod
    def describe(self, values: Values) -> str:
        """The condition in words."""

    @abstractmethod
    def look(self, fact: Fact, values: Values) -> Seen:
        """Whether it holds. Only asked for events that can answer it."""


C = type[Condition]
_conditions: dict[str, Condition] = {}


def register(condition: C) -> C:
    """Offer a condition to rules."""
    if condition.key in _conditions:
        raise ValueError(f"the condition {condition.key} is registered twice")
    _conditions[condition.key] = condition()
    return condition


def all_conditions() -> list[Condition]:
    """Every condition, in the order of registration."""
    return list(_conditions.values())


def condition_named(key: str) -> Condition:
    """The condition with this key; raises Refused for one that this version does not have."""
    found = _conditions.get(key)
    if found is None:
        raise Refused(_("There is no condition “%(key)s”.") % {"key": key}, field="conditions")
    return found


def checked_conditions(rows: Iterable[ConditionRow], viewer: Agent) -> list[ConditionRow]:
    """Conditions from outside, ready to be stored; raises Refused for too many, an unknown one, a wrong value."""
    given = list(rows)
    if len(given) > MOST:
        raise Refused(_("A rule has up to %(count)d conditions.") % {"count": MOST}, field="conditions")
    found = []
    for row in given:
        condition = condition_named(str(row.get("condition", "")))
        values = cleaned(condition.form, condition.label, condition.key, row.get("values") or {}, viewer)
        found.append({"condition": condition.key, "values": values, "not": bool(row.get("not"))})
    return found


def look_at(row: ConditionRow, fact: Fact) -> Seen:
    """Whether one stored condition holds; what the event cannot answer does not hold, turned round or not."""
    condition = condition_named(row["condition"])
    if condition.kinds and fact.kind not in condition.kinds:
        return Seen(False)
    found = condition.look(fact, row.get("values") or {})
    return Seen(found.true != bool(row.get("not")), found.seen)


def holds_by_itself(rows: Iterable[ConditionRow], fact: Fact) -> bool:
    """Whether the conditions hold that the event answers by itself."""
    return _hold(rows, fact, reads=False)


def holds_when_read(rows: Iterable[ConditionRow], fact: Fact) -> bool:
    """Whether those hold that look at the ticket or at what was said."""
    return _hold(rows, fact, reads=True)


def _hold(rows: Iterable[ConditionRow], fact: Fact, *, reads: bool) -> bool:
    """What this version does not know does not hold."""
    for row in rows:
        condition = _conditions.get(row["condition"])
        if condition is None or (condition.reads is reads and not look_at(row, fact).true):
            return False
    return True


def condition_in_words(row: ConditionRow) -> str:
    """A stored condition as a person reads it."""
    condition = condition_named(row["condition"])
    words = condition.describe(row.get("values") or {})
    return _("not: %(condition)s") % {"condition": words} if row.get("not") else words
