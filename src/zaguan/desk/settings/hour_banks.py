"""Settings of hours that customers bought in advance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.people.models import Agent, Organisation
from zaguan.tickets.hour_banks import balances, close_bank, save_bank
from zaguan.tickets.models import HourBank
from zaguan.tickets.time_totals import hours


class BankForm(DeskForm):
    """Hours that an organisation buys."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), help_text=gettext_lazy("Its name as it stands in the list.")
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), min_value=Decimal("0.25"), max_value=100_000, decimal_places=2
    )
    warn_hours = forms.DecimalField(
        label=gettext_lazy("Warn at hours left"), min_value=0, max_value=100_000, decimal_places=2, initial=0
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, agent: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent

    def clean_organisation(self) -> Organisation:
        """The organisation of that name."""
        name = self.cleaned_data["organisation"].strip()
        found = Organisation.objects.visible_to(self.agent).filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("There is no organisation of this name. Create it first."))
        return found

    def clean(self) -> dict[str, Any]:
        """Hours as minutes."""
        data = super().clean() or {}
        for given, kept in (("hours", "minutes"), ("warn_hours", "warn_at")):
            data[kept] = round((data.pop(given, None) or 0) * 60)
        return data


@require_GET
@needs("tickets.see_all_time")
def banks(request: AgentRequest) -> HttpResponse:
    """Every bank with what is left, closed ones last."""
    found = HourBank.objects.visible_to(request.user).select_related("organisation")
    rows = sorted(
        balances(list(found)), key=lambda b: (b.bank.closed_at is not None, b.bank.organisation.name.lower())
    )
    shown = [(each, hours(each.bank.minutes), hours(each.used), hours(each.left)) for each in rows]
    return settings_page(request, "desk/settings/hour_banks.jinja", "hour-banks", rows=shown)


@require_http_methods(["GET", "POST"])
@needs("tickets.see_all_time")
def edit_bank(request: AgentRequest, bank_id: int = 0) -> HttpResponse:
    """Sell hours, change what was agreed, or close a bank."""
    found = get_object_or_404(HourBank.objects.visible_to(request.user), pk=bank_id) if bank_id else None
    if found and request.POST.get("do") in ("archive", "restore"):
        close_bank(found, request.POST["do"] == "archive", by=request.user)
        return _done(request)
    initial = {}
    if found:
        initial = {name: getattr(found, name) for name in ("name", "starts_on", "ends_on")}
        initial |= {
            "organisation": found.organisation.name,
            "hours": Decimal(found.minutes) / 60,
            "warn_hours": Decimal(found.warn_at) / 60,
        }
    form = BankForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: save_bank(found, by=request.user, **data)):
        return _done(request)
    context = {
        "form": form,
        "row": found,
        "title": _("Hour banks"),
        "new": _("New hour bank"),
        "back": "hour-banks",
    }
    if found:
        found.archived_at = found.closed_at
        context["can_archive"] = True
    return settings_page(request, "desk/settings/form.jinja", "hour-banks", **context)


def _done(request: AgentRequest) -> HttpResponse:
    return back_to(request, "hour-banks")
