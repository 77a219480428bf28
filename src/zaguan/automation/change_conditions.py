"""Conditions on old and new values: from which status to which, which assignee, team, type, field, tag."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, Seen, Values, register
from zaguan.automation.facts import Fact
from zaguan.automation.fields import RowField, WordsField
from zaguan.lib.folding import fold
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.history import PLAIN_FIELDS
from zaguan.tickets.history_lines import label_of
from zaguan.tickets.models import Phase

NOBODY = "nobody"


def _row_form(table: Kept[Any], label: Any, extra: tuple[tuple[str, Any], ...] = ()) -> type[ActionForm]:
    return type(
        "RowForm", (ActionForm,), {"row": RowField(table, label=label, extra=extra), "__doc__": "One row."}
    )


class _Moved(Condition):
    """One end of a change of a row: `carries` is the event's [old, new], `end` which of the two."""

    carries: ClassVar[str]
    end: ClassVar[int]
    table: ClassVar[Kept[Any]]

    def _name(self, number: Any) -> str:
        row = self.table.get(number) if isinstance(number, int) else None
        return str(row) if row is not None else _("nobody")

    def describe(self, values: Values) -> str:
        return _("%(what)s: %(value)s") % {"what": self.label, "value": self._name(values.get("row"))}

    def look(self, fact: Fact, values: Values) -> Seen:
        pair = fact.data.get(self.carries) or [None, None]
        wanted = None if values.get("row") == NOBODY else values.get("row")
        return Seen(pair[self.end] == wanted, self._name(pair[self.end]))


def _moved(
    key: str,
    label: Any,
    kind: str,
    carries: str,
    end: int,
    table: Kept[Any],
    field: Any,
    *,
    empty: Any = None,
) -> None:
    form = _row_form(table, field, ((NOBODY, empty),) if empty else ())
    body = {
        "key": key,
        "label": label,
        "kinds": (kind,),
        "form": form,
        "carries": carries,
        "end": end,
        "table": table,
    }
    register(type(key, (_Moved,), body))


_STATUS, _ASSIGNED = "tickets.StatusChanged", "tickets.TicketAssigned"
_TEAM, _TYPE = "tickets.TeamChanged", "tickets.TypeChanged"
_status, _agent = gettext_lazy("Status"), gettext_lazy("Agent")
_team, _type = gettext_lazy("Team"), gettext_lazy("Type")
_nobody, _none = gettext_lazy("Nobody"), gettext_lazy("None")
_moved("status_from", gettext_lazy("Status before"), _STATUS, "statuses", 0, reference.statuses, _status)
_moved("status_to", gettext_lazy("Status after"), _STATUS, "statuses", 1, reference.statuses, _status)


class PhaseForm(ActionForm):
    """One of the seven phases."""

    phase = forms.ChoiceField(label=gettext_lazy("Phase"), choices=Phase.choices)


class _PhaseMoved(Condition):
    kinds = (_STATUS,)
    form = PhaseForm
    end: ClassVar[int]

    def describe(self, values: Values) -> str:
        return _("%(what)s: %(value)s") % {"what": self.label, "value": Phase(values["phase"]).label}

    def look(self, fact: Fact, values: Values) -> Seen:
        phase = fact.data["phases"][self.end]
        return Seen(phase == values["phase"], str(Phase(phase).label))


@register
class PhaseFrom(_PhaseMoved):
    key = "phase_from"
    label = gettext_lazy("Phase before")
    end = 0


@register
class PhaseTo(_PhaseMoved):
    key = "phase_to"
    label = gettext_lazy("Phase after")
    end = 1


for _key, _label, _kind, _carries, _end, _table, _field, _empty in (
    (
        "assignee_from",
        gettext_lazy("Assignee before"),
        _ASSIGNED,
        "assignees",
        0,
        reference.agents,
        _agent,
        _nobody,
    ),
    (
        "assignee_to",
        gettext_lazy("Assignee after"),
        _ASSIGNED,
        "assignees",
        1,
        reference.agents,
        _agent,
        _nobody,
    ),
    ("team_from", gettext_lazy("Team before"), _TEAM, "teams", 0, reference.teams, _team, _none),
    ("team_to", gettext_lazy("Team after"), _TEAM, "teams", 1, reference.teams, _team, _none),
    ("type_from", gettext_lazy("Type before"), _TYPE, "types", 0, reference.types, _type, _none),
    ("type_to", gettext_lazy("Type after"), _TYPE, "types", 1, reference.types, _type, _none),
):
    _moved(_key, _label, _kind, _carries, _end, _table, _field, empty=_empty)


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
        seen = (
            f"{old or '–'} → {new or '–'}"
            if values["field"] in changes
            else ", ".join(map(label_of, changes))
        )
        return Seen(values["field"] in changes, seen)


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
