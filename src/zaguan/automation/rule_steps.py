"""The actions of a rule: those of a macro, done by nobody."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zaguan.automation.models import StepRow
from zaguan.automation.steps import Step, checked, missing
from zaguan.conversations.models import Canned
from zaguan.conversations.placeholders import PATTERN
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

ME = "me"


def checked_for_rule(rows: Iterable[StepRow], agent: Agent) -> list[Step]:
    """Steps from outside; raises Refused for "me", for what `agent` may not do, and for a text that names the writer."""
    steps = checked(rows, agent)
    lacking = missing(steps, agent)
    if lacking:
        raise Refused(
            _("Your role does not allow this: %(name)s.") % {"name": ", ".join(lacking)}, field="steps"
        )
    for step in steps:
        if ME in step.values.values():
            raise Refused(
                _("%(action)s: a rule is nobody. Choose the agent by name.") % {"action": step.action.label},
                field="steps",
            )
        _refuse_writer(step)
    return steps


def _refuse_writer(step: Step) -> None:
    """A rule has no first name: {{agent.first_name}} needs words that stand for it."""
    for text in _texts(step):
        for match in PATTERN.finditer(text):
            if match[1].lower().startswith("agent.") and match[2] is None:
                raise Refused(
                    _("“%(placeholder)s” has no value in a rule: write {{%(name)s|our team}}.")
                    % {"placeholder": match[0], "name": match[1]},
                    field="steps",
                )


def _texts(step: Step) -> list[str]:
    number = step.values.get("canned")
    canned = Canned.objects.filter(pk=number).first() if isinstance(number, int) else None
    typed = step.values.get("text")
    return [*([str(typed)] if typed else []), *([canned.text, *canned.texts.values()] if canned else [])]
