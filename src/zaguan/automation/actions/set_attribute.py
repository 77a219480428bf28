"""Fill in one attribute of a ticket's type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.snapshots import register_fact
from zaguan.tickets import reference
from zaguan.tickets.attributes import attributes_of, set_attributes, values_of
from zaguan.tickets.models import Ticket


def _choices() -> list[tuple[str, str]]:
    """Attributes by their key; types may share one."""
    labels: dict[str, str] = {}
    for attribute in reference.attributes.all().values():
        if attribute.archived_at is None and attribute.format not in ("section", "file"):
            labels.setdefault(attribute.key, attribute.label)
    return [("", "–"), *sorted(labels.items(), key=lambda pair: pair[1].casefold())]


class AttributeForm(ActionForm):
    """Which one, and what it becomes."""

    attribute = forms.ChoiceField(label=gettext_lazy("Attribute"), choices=_choices)
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Empty takes the value away."),
    )


def _put_back(number: int, before: Any, after: Any, by: Any) -> None:
    keys = {str(row.pk): row.key for row in reference.attributes.all().values()}
    marks = [mark for mark in {*before, *after} if before.get(mark) != after.get(mark) and mark in keys]
    set_attributes(number, {keys[mark]: before.get(mark) for mark in marks}, by=by)


register_fact("attributes", values_of, _put_back)


@register
class SetAttribute(Action):
    key = "set_attribute"
    label = gettext_lazy("Fill in an attribute")
    icon = "list-checks"
    permission = "tickets.edit"
    form = AttributeForm
    keeps = ("attributes",)

    def _label(self, values: Values) -> str:
        key: str = values["attribute"]
        return dict(_choices()).get(key, key)

    def describe(self, values: Values) -> str:
        what = {"field": self._label(values), "value": values["value"] or "–"}
        return _("%(field)s: %(value)s") % what

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        old = next((a.text for a in attributes_of(ticket) if a.attribute.key == values["attribute"]), "")
        return Preview(self._label(values), old or "–", values["value"] or "–")

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return set_attributes(ticket, {values["attribute"]: values["value"] or None}, by=by)
