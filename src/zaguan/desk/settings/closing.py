"""Settings → Closing: when tickets close by themselves, and what they wait for."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.house_rules import rules_page


class ClosingForm(DeskForm):
    """What happens to tickets by itself."""

    close_after_hours = forms.IntegerField(
        label=gettext_lazy("Hours until a resolved ticket closes"),
        min_value=0,
        max_value=24 * 365,
        help_text=gettext_lazy(
            "An answer of the customer within this time reopens the ticket; later it opens a new one, linked. 0: never closes by itself."
        ),
    )
    parent_waits = forms.BooleanField(
        label=gettext_lazy("A parent waits for its children"),
        required=False,
        help_text=gettext_lazy("It cannot be resolved or closed while children of it are open."),
    )


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def closing(request: AgentRequest) -> HttpResponse:
    """When tickets close by themselves."""
    return rules_page(request, ClosingForm, "desk/settings/closing.jinja", "rules")
