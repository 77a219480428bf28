"""Conditions on what became of a field, of the tags, of an attribute."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, Seen, Values, register
from zaguan.automation.facts import Fact
from zaguan.automation.fields import WordsField
from zaguan.lib.folding import fold
from zaguan.tickets import reference
from zaguan.tickets.history import PLAIN_FIELDS
from zaguan.tickets.history_lines import label_of


class FieldForm(ActionForm):
    """Which of the plain fields."""

    field = forms.ChoiceField(
        label=gettext_lazy("Field"), choices=lambda: [(name, label_of(name)) for name in PLAIN_FIELDS]
    )


@register
class FieldIs(Condition):
    key = "field_is"
    label = gettext_lazy("The field that changed")
    kinds = ("tickets.FieldsChanged",)
    form = FieldForm

    def describe(self, values: Values) -> str:
        return _("%(field)s changed") % {"field": label_of(values["field"])}

    def look(self, fact: Fact, values: Values) -> Seen:
        changes = fact.data.get("changes") or {}
        old, new = changes.get(values["field"]) or ("", "")
        if values["field"] in changes:
            return Seen(True, f"{old or '–'} → {new or '–'}")
        return Seen(False, {"fields": list(changes)})


class TagForm(ActionForm):
    """Which tags; one of them is enough."""

    tags = WordsField(label=gettext_lazy("Tags"), max_length=400)


class _Tagged(Condition):
    kinds = ("tickets.TagsChanged",)
    form = TagForm
    carries: ClassVar[str]

    def describe(self, values: Values) -> str:
        return _("%(what)s: %(value)s") % {"what": self.label, "value": ", ".join(values["tags"])}

    def look(self, fact: Fact, values: Values) -> Seen:
        found: list[str] = fact.data.get(self.carries) or []
        wanted = {fold(tag) for tag in values["tags"]}
        return Seen(any(fold(tag) in wanted for tag in found), ", ".join(found))


@register
class TagAdded(_Tagged):
    key = "tag_added"
    label = gettext_lazy("Tag put on")
    carries = "added"


@register
class TagRemoved(_Tagged):
    key = "tag_removed"
    label = gettext_lazy("Tag taken off")
    carries = "removed"


def _keys() -> list[tuple[str, str]]:
    rows = (row for row in reference.attributes.all().values() if row.format != "section")
    return sorted({row.key: row.label for row in rows}.items(), key=lambda pair: pair[1].casefold())


class AttributeForm(ActionForm):
    """Which attribute."""

    attribute = forms.ChoiceField(label=gettext_lazy("Attribute"), choices=_keys)


@register
class AttributeIs(Condition):
    key = "attribute_is"
    label = gettext_lazy("The attribute that changed")
    kinds = ("tickets.AttributesChanged", "tickets.TypeChanged")
    form = AttributeForm

    def describe(self, values: Values) -> str:
        return _("%(field)s changed") % {"field": dict(_keys()).get(values["attribute"], values["attribute"])}

    def look(self, fact: Fact, values: Values) -> Seen:
        every = reference.attributes.all()
        changes = fact.data.get("changes") or {}
        named = {every[int(mark)].key: change for mark, change in changes.items() if int(mark) in every}
        found = named.get(values["attribute"])
        return Seen(found is not None, f"{found[0]} → {found[1]}" if found else ", ".join(named))
