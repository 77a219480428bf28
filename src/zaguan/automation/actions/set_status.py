"""Put a ticket into a status."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.lib.errors import Refused
from zaguan.tickets import reference
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.requirements import ATTRIBUTE, missing_for, sentence
from zaguan.tickets.statuses import set_status
from zaguan.tickets.transitions import why_not


class StatusForm(ActionForm):
    """Which status, and the reason that some ask for."""

    status = RowField(reference.statuses, label=gettext_lazy("Status"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For statuses that ask for one."),
    )

    def clean_status(self) -> int:
        """Postponing needs a time, and is an action of its own."""
        chosen = reference.statuses.get(self.cleaned_data["status"])
        if chosen is not None and chosen.phase == Phase.SNOOZED:
            raise forms.ValidationError(_("Use “Postpone” for this status: it needs a time."))
        return int(self.cleaned_data["status"])


def status_of(values: Values) -> Status:
    """The chosen status; raises Refused when it is gone or no longer used."""
    found = reference.statuses.get(values.get("status"))
    if found is None or found.archived_at is not None:
        raise Refused(_("The status of this action is no longer used."), field="status")
    return found


@register
class SetStatus(Action):
    key = "set_status"
    label = gettext_lazy("Set the status")
    icon = "circle-dot"
    permission = "tickets.set_status"
    form = StatusForm
    keeps = ("status",)

    def describe(self, values: Values) -> str:
        return _("Status: %(status)s") % {"status": status_of(values).label}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        status = status_of(values)
        label, old, new = _("Status"), ticket.status.label, status.label
        if ticket.status_id == status.pk:
            return Preview(label, old, new)
        barred = why_not(ticket, status, by=by)
        missing = [] if barred else missing_for(ticket, status, reason=values.get("reason") or "")
        lacks = tuple(m.key if not m.key.startswith(ATTRIBUTE) else "attributes" for m in missing)
        return Preview(
            label, old, new, problem=barred or (sentence(status, missing) if missing else ""), lacks=lacks
        )

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return set_status(ticket, status_of(values), by=by, reason=values.get("reason") or "")
