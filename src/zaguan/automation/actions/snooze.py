"""Postpone a ticket until one of the usual moments, or for some hours or days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.postponing import snooze_choices
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.transitions import why_not

DAYS = "days"


def _choices() -> list[tuple[str, Any]]:
    usual = [(moment.name, moment.label) for moment in snooze_choices(timezone.localtime())]
    return [*usual, (DAYS, _("After some days"))]


class SnoozeForm(ActionForm):
    """When it comes back."""

    until = forms.ChoiceField(label=gettext_lazy("Until"), choices=_choices)
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=gettext_lazy("For “After some days”."),
    )

    def clean(self) -> dict[str, Any]:
        """Days are said where they are needed."""
        data = super().clean() or {}
        if data.get("until") == DAYS and not data.get("days"):
            self.add_error("days", _("Say after how many days."))
        return data


def moment_of(values: Values) -> datetime:
    """The moment, counted from now."""
    now = timezone.localtime()
    if values["until"] == DAYS:
        return now + timedelta(days=int(values["days"]))
    return {moment.name: moment.at for moment in snooze_choices(now)}[values["until"]]


@register
class Snooze(Action):
    key = "snooze"
    label = gettext_lazy("Postpone")
    icon = "alarm-clock"
    permission = "tickets.set_status"
    form = SnoozeForm
    keeps = ("status",)

    def describe(self, values: Values) -> str:
        if values["until"] == DAYS:
            return _("Postpone by %(days)s days") % {"days": values["days"]}
        label = dict(_choices()).get(values["until"], "")
        return _("Postpone: %(when)s") % {"when": label}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        when = date_format(timezone.localtime(moment_of(values)), "SHORT_DATETIME_FORMAT")
        status = default_status(Phase.SNOOZED)
        barred = why_not(ticket, status, by=by)
        return Preview(_("Status"), ticket.status.label, f"{status.label}, {when}", problem=barred)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return set_status(ticket, default_status(Phase.SNOOZED), by=by, until=moment_of(values))
