"""Category, urgency and service of a ticket."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.lib.errors import Refused
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Ticket

_EMPTY = gettext_lazy("None")


class CategoryForm(ActionForm):
    """Empty takes it away."""

    category = RowField(reference.categories, label=gettext_lazy("Category"), required=False, empty=_EMPTY)


class UrgencyForm(ActionForm):
    """Empty takes it away."""

    urgency = RowField(reference.urgencies, label=gettext_lazy("Urgency"), required=False, empty=_EMPTY)


class ServiceForm(ActionForm):
    """Empty takes it away."""

    service = RowField(reference.services, label=gettext_lazy("Service"), required=False, empty=_EMPTY)


class _SetOne(Action):
    """One column that names a row of a list."""

    permission = "tickets.edit"
    column: ClassVar[str]
    word: ClassVar[Any]
    table: ClassVar[Kept[Any]]

    def _row(self, values: Values) -> Any:
        chosen = values.get(self.column)
        if not chosen:
            return None
        found = self.table.get(chosen)
        if found is None:
            raise Refused(_("This choice is no longer there."), field=self.column)
        return found

    def describe(self, values: Values) -> str:
        row = self._row(values)
        return _("%(field)s: %(value)s") % {"field": self.word, "value": row.label if row else "–"}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        old, new = getattr(ticket, self.column), self._row(values)
        return Preview(str(self.word), old.label if old else "–", new.label if new else "–")

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return edit(ticket, by=by, **{self.column: self._row(values)})


@register
class SetCategory(_SetOne):
    key = "set_category"
    label = gettext_lazy("Set the category")
    icon = "shapes"
    form = CategoryForm
    keeps = ("category",)
    column = "category"
    word = gettext_lazy("Category")
    table = reference.categories


@register
class SetUrgency(_SetOne):
    key = "set_urgency"
    label = gettext_lazy("Set the urgency")
    icon = "flame"
    form = UrgencyForm
    keeps = ("urgency",)
    column = "urgency"
    word = gettext_lazy("Urgency")
    table = reference.urgencies


@register
class SetService(_SetOne):
    key = "set_service"
    label = gettext_lazy("Set the service")
    icon = "list-tree"
    form = ServiceForm
    keeps = ("service",)
    column = "service"
    word = gettext_lazy("Service")
    table = reference.services
