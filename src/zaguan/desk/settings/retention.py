"""How long what was deleted or merged can be brought back (A3.4, R12)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.tickets.catalogue import MOST_DAYS, change_rules
from zaguan.tickets.statuses import rules


class RetentionForm(DeskForm):
    """Days, each with what it means."""

    trash_days = forms.IntegerField(
        label=gettext_lazy("Days in the trash"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=gettext_lazy(
            "After this time a deleted ticket is erased for good, with its messages, files and mails. 0: nothing is erased by itself."
        ),
    )
    undo_merge_days = forms.IntegerField(
        label=gettext_lazy("Days to take a merge back"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=gettext_lazy(
            "Within this time merged tickets can be parted again. 0: a merge cannot be taken back."
        ),
    )


@require_http_methods(["GET", "POST"])
@needs("tickets.purge")
def retention(request: AgentRequest) -> HttpResponse:
    """Both numbers."""
    now = rules()
    form = RetentionForm(
        request.POST or None, initial={n: getattr(now, n) for n in RetentionForm.base_fields}
    )
    if request.method == "POST" and form.carry_out(lambda **data: change_rules(by=request.user, **data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:settings-retention"))
    return settings_page(request, "desk/settings/retention.jinja", "retention", form=form)
