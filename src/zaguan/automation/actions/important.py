"""Mark a ticket as important, or no longer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Ticket


class ImportantForm(ActionForm):
    """Ticked marks it, unticked takes the mark away."""

    important = forms.BooleanField(label=gettext_lazy("Important"), required=False, initial=True)


@register
class SetImportant(Action):
    key = "set_important"
    label = gettext_lazy("Mark as important or not")
    icon = "star"
    permission = "tickets.edit"
    form = ImportantForm
    keeps = ("important",)

    def describe(self, values: Values) -> str:
        return _("Mark as important") if values["important"] else _("No longer important")

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        yes, no = _("Yes"), _("No")
        return Preview(_("Important"), yes if ticket.is_important else no, yes if values["important"] else no)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return edit(ticket, by=by, is_important=bool(values["important"]))
