"""Rules that would go round in circles, found before one of them is switched on (R19).

What an action changes is known without doing it; what a trigger hears too. A rule leads to another when one of its
actions makes an event that starts it. A way that leads back is a circle, unless each time round everything would
be as it was already: then no event comes of it, and it ends by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from zaguan.automation.models import ConditionRow, Rule
from zaguan.automation.rule_effects import Effect, effects_of
from zaguan.automation.triggers import kinds_of, started_by
from zaguan.lib.errors import Refused


@dataclass(frozen=True)
class Circle:
    """The rules of a circle in their order, and the sentence that tells of it."""

    rules: tuple[Rule, ...]
    sentence: str


def circles_with(rule: Rule, others: Iterable[Rule]) -> list[Circle]:
    """The circles that `rule` would be part of among these rules, the shortest first."""
    ways = _Ways([rule, *(other for other in others if other.pk != rule.pk)])
    if not ways.leads_back_to(rule):
        return []
    endless = (path for path in _paths_back(rule, ways) if _goes_on(path, ways))
    return [Circle(tuple(path), _sentence(path)) for path in islice(endless, _MOST_TOLD)]


def refuse_endless(rule: Rule) -> None:
    """Raise Refused with the first circle that a rule would close among those that act."""
    found = circles_with(rule, Rule.objects.acting())
    if found:
        raise Refused(found[0].sentence, field="loop")


class _Ways:
    """Which rule leads to which, looked up as far as somebody asks: an action of the first makes an event that starts the second."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._heard: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            for kind in kinds_of(rule.when):
                self._heard[kind].append(rule)
        self._effects: dict[int, list[Effect]] = {}
        self._next: dict[int, list[Rule]] = {}

    def effects(self, rule: Rule) -> list[Effect]:
        """What its actions bring about; worked out once."""
        if id(rule) not in self._effects:
            self._effects[id(rule)] = effects_of(rule.steps)
        return self._effects[id(rule)]

    def leads_back_to(self, rule: Rule) -> bool:
        """Whether any rule starts this one: mostly none does, and no circle is to be looked for."""
        kinds = kinds_of(rule.when)
        return any(
            effect.kind in kinds and _starts(effect, rule)
            for one in self.rules
            for effect in self.effects(one)
        )

    def after(self, one: Rule) -> list[Rule]:
        """The rules that this one starts."""
        if id(one) not in self._next:
            found = {
                id(other): other
                for effect in self.effects(one)
                for other in self._heard.get(effect.kind, ())
                if _starts(effect, other)
            }
            self._next[id(one)] = list(found.values())
        return self._next[id(one)]


def _starts(effect: Effect, rule: Rule) -> bool:
    if started_by(rule.when, effect.kind, effect.data) is None:
        return False
    return all(_may_hold(row, effect) for row in rule.conditions)


def _may_hold(row: ConditionRow, effect: Effect) -> bool:
    """What is known of the change before it happens; all else may be so."""
    wanted = effect.answers.get(row["condition"])
    if wanted is None:
        return True
    values: dict[str, Any] = row.get("values") or {}
    given = next(iter(values.values()), None)
    same = bool(set(given) & set(wanted)) if isinstance(given, list) else given in wanted
    return same != bool(row.get("not"))


# Circles of more rules are cut at run time; of many circles the first are told.
_LONGEST, _MOST_PATHS, _MOST_TOLD = 4, 500, 10


def _paths_back(rule: Rule, ways: _Ways) -> list[list[Rule]]:
    """The ways from a rule back to itself, the shortest first."""
    found: list[list[Rule]] = []
    paths = [[rule]]
    for _length in range(_LONGEST):
        longer: list[list[Rule]] = []
        for path in paths:
            for other in ways.after(path[-1]):
                if other is rule:
                    found.append(path)
                elif len(longer) < _MOST_PATHS and not any(other is one for one in path):
                    longer.append([*path, other])
        paths = longer
    return found


def _goes_on(path: Sequence[Rule], ways: _Ways) -> bool:
    """Whether it turns for ever: something is done anew each time, or one sets what another sets otherwise."""
    links = zip(path, [*path[1:], path[0]], strict=True)
    # Each link must be able to turn again: by something new each time, or by a value that a rule changes back.
    every = [effect for rule in path for effect in ways.effects(rule)]
    return all(
        any(_again(effect, every) for effect in ways.effects(one) if _starts(effect, other))
        for one, other in links
    )


def _again(effect: Effect, every: Sequence[Effect]) -> bool:
    if effect.always:
        return True
    return any(other.fact == effect.fact and other.value != effect.value for other in every)


def _sentence(path: Sequence[Rule]) -> str:
    names = [rule.label for rule in path]
    if len(names) == 1:
        return _("The rule “%(name)s” would start itself again and again.") % {"name": names[0]}
    if len(names) == 2:
        return _("The rules “%(first)s” and “%(second)s” would start one another again and again.") % {
            "first": names[0],
            "second": names[1],
        }
    return _("These rules would start one another again and again: %(names)s.") % {
        "names": " → ".join(f"“{name}”" for name in [*names, names[0]])
    }
