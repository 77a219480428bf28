"""A rule as a person reads it: when, if, do; and what one version has changed of the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.conditions import condition_in_words
from zaguan.automation.models import Rule
from zaguan.automation.steps import stored
from zaguan.automation.triggers import trigger_named
from zaguan.lib.errors import Refused
from zaguan.lib.text import mid_sentence

# The columns of a rule that people choose: what a version keeps.
CHOSEN = (
    "name",
    "names",
    "description",
    "is_active",
    "when",
    "query",
    "conditions",
    "steps",
    "stops",
    "catches_up",
)


@dataclass(frozen=True)
class RuleWords:
    """The three parts, one line each."""

    when: list[str]
    conditions: list[str]
    steps: list[str]

    def __str__(self) -> str:
        when, steps = _(" or ").join(self.when), ", ".join(self.steps)
        if not self.conditions:
            return _("When %(when)s: %(steps)s") % {"when": when, "steps": steps}
        conditions = _(" and ").join(self.conditions)
        return _("When %(when)s, if %(conditions)s: %(steps)s") % {
            "when": when,
            "conditions": conditions,
            "steps": steps,
        }


@dataclass(frozen=True)
class Changed:
    """One part of a rule in two versions."""

    field: str
    label: str
    old: str
    new: str


def snapshot_of(rule: Rule) -> dict[str, Any]:
    """What a version keeps."""
    return {name: getattr(rule, name) for name in CHOSEN}


def _safely(say: Callable[[Any], str], rows: list[Any]) -> list[str]:
    """What cannot be said any more says why."""
    found = []
    for row in rows:
        try:
            found.append(say(row))
        except (Refused, KeyError, TypeError, ValueError) as problem:
            found.append(problem.sentence if isinstance(problem, Refused) else "?")
    return found


def _trigger_words(row: dict[str, Any]) -> str:
    """After “When”."""
    return mid_sentence(trigger_named(row["trigger"]).describe(row.get("values") or {}))


def _steps_words(rows: list[Any]) -> list[str]:
    return _safely(lambda row: stored([row])[0].sentence(), rows)


def words_of(snapshot: dict[str, Any]) -> RuleWords:
    """The words of a rule by its columns, saved or not."""
    query = [snapshot["query"]] if snapshot.get("query") else []
    return RuleWords(
        _safely(_trigger_words, snapshot.get("when") or []),
        [*query, *_safely(condition_in_words, snapshot.get("conditions") or [])],
        _steps_words(snapshot.get("steps") or []),
    )


def in_words(rule: Rule) -> RuleWords:
    """The words of a rule as it stands."""
    return words_of(snapshot_of(rule))


def problems_of(rule: Rule) -> list[str]:
    """What in a rule no longer works: a status that was archived, an agent who left, a filter that names nothing."""
    from zaguan.automation.rule_queries import read_query

    found = list(read_query(rule.query).problems) if rule.query else []
    for row in rule.steps:
        try:
            step = stored([row])[0]
        except Refused as refused:
            found.append(refused.sentence)
        else:
            found += [step.problem] if step.problem else []
    return found


def _yes(value: Any) -> str:
    return _("Yes") if value else _("No")


_LABELS: dict[str, tuple[Any, Callable[[Any], str]]] = {
    "name": (gettext_lazy("Name"), str),
    "names": (gettext_lazy("Translations"), lambda value: ", ".join(value.values())),
    "description": (gettext_lazy("Description"), str),
    "is_active": (gettext_lazy("Active"), _yes),
    "when": (gettext_lazy("When"), lambda value: "; ".join(_safely(_trigger_words, value))),
    "query": (gettext_lazy("On tickets"), str),
    "conditions": (gettext_lazy("If"), lambda value: "; ".join(_safely(condition_in_words, value))),
    "steps": (gettext_lazy("Do"), lambda value: "; ".join(_steps_words(value))),
    "stops": (gettext_lazy("Stop here"), _yes),
    "catches_up": (gettext_lazy("Also where the time has passed already"), _yes),
}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Changed]:
    """What changed from one version to the next, in the reader's words; a first version has everything new."""
    found = []
    for name, (label, say) in _LABELS.items():
        old, new = before.get(name), after.get(name)
        if old != new:
            empty = name not in before
            found.append(Changed(name, str(label), "" if empty else say(old) or "–", say(new) or "–"))
    return found
