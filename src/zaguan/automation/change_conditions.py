"""Conditions on old and new values: from which status to which, which assignee, team, type."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, Seen, Values, register
from zaguan.automation.facts import Fact
from zaguan.automation.fields import RowField
from zaguan.automation.seen_words import choice, row
from zaguan.people.reference import Kept
from zaguan.tickets import reference
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
        return Seen(pair[self.end] == wanted, row(self.key.partition("_")[0], pair[self.end]))


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
        return Seen(phase == values["phase"], choice("phase", phase))


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
