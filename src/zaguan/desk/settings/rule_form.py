"""A rule while it is edited: its plain fields, its triggers, conditions and actions, and how it reads in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.conditions import Condition
from zaguan.automation.loops import Circle, circles_with
from zaguan.automation.models import Rule
from zaguan.automation.rule_queries import read_query
from zaguan.automation.rule_words import CHOSEN, RuleWords, problems_of, words_of
from zaguan.automation.triggers import Trigger
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.lists import LANGUAGES
from zaguan.desk.settings.macro_steps import StepRows, leave_gaps, rows_of, rows_posted
from zaguan.desk.settings.rule_parts import (
    Parts,
    conditions_of,
    conditions_posted,
    triggers_of,
    triggers_posted,
)
from zaguan.people.models import Agent


class RuleForm(DeskForm):
    """Its name, what it is for, the filter, and how it gets on with the other rules."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("What it is for"), max_length=300, required=False)
    query = forms.CharField(
        label=gettext_lazy("On tickets"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "A filter, for example: is:open team:Support -tag:vip. Empty: on every ticket."
        ),
    )
    stops = forms.BooleanField(
        label=gettext_lazy("When it acted, leave out the rules below it"), required=False
    )
    catches_up = forms.BooleanField(
        label=gettext_lazy("Also where the time had passed before the rule was switched on"), required=False
    )
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    name_pt = forms.CharField(label=gettext_lazy("Name in Portuguese"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """The names as one value."""
        data = super().clean() or {}
        data["names"] = {code: data.pop(f"name_{code}", "") for code, _label in LANGUAGES}
        return data


@dataclass
class Edited:
    """All that is on the page."""

    rule: Rule | None
    form: RuleForm
    when: Parts[Trigger]
    conditions: Parts[Condition]
    steps: StepRows
    circles: list[Circle] = field(default_factory=list)

    @property
    def was_moved(self) -> bool:
        """Whether a button changed what is on the page, and nothing is to be saved."""
        return self.when.was_moved or self.conditions.was_moved or self.steps.was_moved

    @property
    def are_valid(self) -> bool:
        # Each is asked, so that each says what is wrong with it.
        return all([self.when.are_valid, self.conditions.are_valid, self.steps.are_valid])

    @property
    def parts(self) -> dict[str, Any]:
        """Triggers, conditions and actions as they are stored; those that are not complete are left out."""
        steps = [{"action": a.key, "values": f.cleaned_data} for a, f in self.steps.rows if f.is_valid()]
        return {"when": self.when.values, "conditions": self.conditions.values, "steps": steps}

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """The rule as it reads now, typed or stored."""
        if not self.form.is_bound:
            return {name: getattr(self.rule, name) for name in CHOSEN} if self.rule else {}
        return {"query": self.form["query"].value() or ""} | self.parts

    @property
    def has_gaps(self) -> bool:
        """Whether something that was added does not read yet, since it is not complete."""
        typed = (len(self.when.rows), len(self.conditions.rows), len(self.steps.rows))
        read = [len(self.snapshot.get(name, ())) for name in ("when", "conditions", "steps")]
        return any(rows > words for rows, words in zip(typed, read, strict=True))

    @property
    def words(self) -> RuleWords:
        """When, if, then."""
        return words_of(self.snapshot)

    @property
    def query_problem(self) -> str:
        """What in the filter cannot be read."""
        problems = read_query(self.snapshot.get("query") or "").problems
        return problems[0] if problems else ""

    @property
    def problems(self) -> list[str]:
        """What in the stored rule no longer works."""
        return problems_of(self.rule) if self.rule else []


def edited(viewer: Agent, rule: Rule | None, posted: QueryDict | None) -> Edited:
    """What was typed, or what is stored."""
    if posted is not None:
        made = Edited(
            rule, RuleForm(posted), triggers_posted(viewer, posted), conditions_posted(viewer, posted),
            rows_posted(viewer, posted),
        )  # fmt: skip
    else:
        made = Edited(
            rule, RuleForm(initial=_initial(rule)), triggers_of(viewer, rule.when if rule else []),
            conditions_of(viewer, rule.conditions if rule else []), rows_of(viewer, rule),
        )  # fmt: skip
    made.circles = _circles(viewer, made)
    if made.was_moved:
        leave_gaps(part.form for part in made.when.rows)
        leave_gaps(part.form for part in made.conditions.rows)
        leave_gaps(form for _action, form in made.steps.rows)
    return made


def _initial(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    plain = {name: getattr(rule, name) for name in ("name", "description", "query", "stops", "catches_up")}
    return plain | {f"name_{code}": text for code, text in rule.names.items()}


def _circles(viewer: Agent, made: Edited) -> list[Circle]:
    """The circles that the rule would close among those that act, as it reads now."""
    rule = Rule(pk=made.rule.pk if made.rule else None, position=made.rule.position if made.rule else 0)
    rule.name = made.form["name"].value() or _("New rule")
    for name, value in made.snapshot.items():
        setattr(rule, name, value)
    return circles_with(rule, Rule.objects.visible_to(viewer).acting())
