"""Tell another program: a signed call to its address, tried again until it was heard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Done, Preview, Values, register
from zaguan.automation.permissions import MANAGE_RULES
from zaguan.automation.webhooks import call_later
from zaguan.tickets.models import Ticket


def host_of(url: str) -> str:
    """What of an address everybody may read: many programs know who calls by the rest of it."""
    return urlsplit(url).hostname or "–"


class WebhookForm(ActionForm):
    """Where."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("It gets the ticket as JSON. Addresses of the own network are not called."),
    )

    def clean_url(self) -> str:
        """Nothing that would be left out of the call."""
        url: str = self.cleaned_data["url"]
        if "@" in urlsplit(url).netloc:
            raise forms.ValidationError(
                _("A name and a password in an address are not sent. Leave them out.")
            )
        return url


@register
class CallWebhook(Action):
    key = "call_webhook"
    label = gettext_lazy("Call a webhook")
    icon = "webhook"
    permission = MANAGE_RULES
    form = WebhookForm

    def describe(self, values: Values) -> str:
        return _("Call %(host)s") % {"host": host_of(values["url"])}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        return Preview(str(self.label), "", host_of(values["url"]))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Done:
        call = call_later(ticket if isinstance(ticket, int) else ticket.pk, values["url"], by=by)
        return Done(host_of(call.url))
