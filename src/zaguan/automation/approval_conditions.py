"""A condition on how an approval was decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, Seen, Values, register
from zaguan.automation.facts import Fact
from zaguan.tickets.models import Approver


class DecisionForm(ActionForm):
    """Yes or no."""

    decision = forms.ChoiceField(label=gettext_lazy("It was"), choices=Approver.Answer.choices)


@register
class ApprovalWas(Condition):
    key = "approval_was"
    label = gettext_lazy("How the approval was decided")
    kinds = ("tickets.ApprovalAnswered",)
    form = DecisionForm

    def describe(self, values: Values) -> str:
        return _("The approval was: %(decision)s") % {"decision": Approver.Answer(values["decision"]).label}

    def look(self, fact: Fact, values: Values) -> Seen:
        state = fact.data.get("state", "")
        word = str(Approver.Answer(state).label) if state in Approver.Answer.values else ""
        return Seen(state == values["decision"], word)
