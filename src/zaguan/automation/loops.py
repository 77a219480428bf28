"""Rules that would go round in circles, found before one of them is switched on (R19).

What an action changes is known without doing it; what a trigger hears too. A rule leads to another when one of its
actions makes an event that starts it. A way that leads back is a circle, unless each time round everything would
be as it was already: then no event comes of it, and it ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zaguan.automation.models import ConditionRow, Rule
from zaguan.automation.rule_effects import Effect, effects_of
from zaguan.automation.triggers import started_by
from zaguan.lib.errors import Refused


@dataclass(frozen=True)
class Circle:
    """The rules of a circle in their order, and the sentence that tells of it."""

    rules: tuple[Rule, ...]
    sentence: str


def circles_with(rule: Rule, others: Iterable[Rule]) -> list[Circle]:
    """The circles that `rule` would be part of among these rules, the shortest first."""
    every = [rule, *(other for other in others if other.pk != rule.pk)]
    ways = {id(one): [other for other in every if leads_to(one, other)] for one in every}
    return [Circle(tuple(path), _sentence(path)) for path in _paths_back(rule, ways) if _goes_on(path)]


def refuse_endless(rule: Rule) -> None:
    """Raise Refused with the first circle that a rule would close among those that act."""
    found = circles_with(rule, Rule.objects.acting())
    if found:
        raise Refused(found[0].sentence, field="loop")


def leads_to(one: Rule, other: Rule) -> bool:
    """Whether an action of the first makes an event that starts the second."""
    return any(_starts(effect, other) for effect in effects_of(one.steps))


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


# Circles of more rules are cut at run time.
_LONGEST = 4


def _paths_back(rule: Rule, ways: dict[int, list[Rule]]) -> list[list[Rule]]:
    """The ways from a rule back to itself, the shortest first."""
    found: list[list[Rule]] = []
    paths = [[rule]]
    for _length in range(_LONGEST):
        longer: list[list[Rule]] = []
        for path in paths:
            for other in ways[id(path[-1])]:
                if other is rule:
                    found.append(path)
                elif other not in path:
                    longer.append([*path, other])
        paths = longer[:500]
    return found


def _goes_on(path: Sequence[Rule]) -> bool:
    """Whether it turns for ever: something is done anew each time, or one sets what another sets otherwise."""
    links = zip(path, [*path[1:], path[0]], strict=True)
    # Each link must be able to turn again: by something new each time, or by a value that a rule changes back.
    every = [effect for rule in path for effect in effects_of(rule.steps)]
    return all(
        any(_again(effect, every) for effect in effects_of(one.steps) if _starts(effect, other))
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
