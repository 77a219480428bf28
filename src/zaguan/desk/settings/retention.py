"""How long what was deleted or merged can be brought back (A3.4, R12)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.house_rules import rules_page
from zaguan.tickets.catalogue import MOST_DAYS


def _days(label: Any, hint: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_DAYS, help_text=hint)


class RetentionForm(DeskForm):
    """Days, each with what it means."""

    trash_days = _days(
        gettext_lazy("Days in the trash"),
        gettext_lazy(
            "After this time a deleted ticket is erased for good, with its messages, files and mails. 0: nothing is erased by itself."
        ),
    )
    undo_merge_days = _days(
        gettext_lazy("Days to take a merge back"),
        gettext_lazy("Within this time merged tickets can be parted again. 0: a merge cannot be taken back."),
    )
    undo_contact_days = _days(
        gettext_lazy("Days to undo a merge of contacts"),
        gettext_lazy("Within this time merged contacts can be parted again. 0: a merge cannot be undone."),
    )


@require_http_methods(["GET", "POST"])
@needs("tickets.purge")
def retention(request: AgentRequest) -> HttpResponse:
    """All three numbers."""
    return rules_page(request, RetentionForm, "desk/settings/retention.jinja", "retention")
