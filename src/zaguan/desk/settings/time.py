"""Settings of time: activities with their rates, the calendar of work, rates of customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.lists import KINDS, EntryForm, Kind
from zaguan.lib.errors import Refused
from zaguan.people.models import Organisation
from zaguan.tickets.models import CustomerRate, TimeActivity
from zaguan.tickets.rates import change_time_rule, money, set_customer_rate, time_rule
from zaguan.tickets.time_calendar import read_hours, write_hours

DAYS = [
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
]  # fmt: skip


class TimeActivityForm(EntryForm):
    """What an hour is called and costs."""

    rate = forms.DecimalField(
        label=gettext_lazy("Rate per hour"),
        max_digits=10,
        decimal_places=2,
        min_value=Decimal(0),
        initial=0,
        localize=False,
    )


LISTS = ("time-activities",)
KINDS["time-activities"] = Kind(
    TimeActivity, TimeActivityForm, gettext_lazy("Activities and rates"),
    gettext_lazy("What working time is spent on, and what an hour of it costs. A customer may have other rates."),
    gettext_lazy("New activity"), ("rate",),
)  # fmt: skip


class CalendarForm(DeskForm):
    """When work is normal, when it is night; the rest is overtime."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
    )
    night_from = forms.TimeField(
        label=gettext_lazy("Night from"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    night_until = forms.TimeField(
        label=gettext_lazy("Night until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        min_length=3,
        max_length=3,
        help_text=gettext_lazy("Three letters, such as EUR or BRL."),
    )
    overtime_percent = forms.IntegerField(
        label=gettext_lazy("Overtime, per cent of the rate"), min_value=0, max_value=1000
    )
    night_percent = forms.IntegerField(
        label=gettext_lazy("Night, per cent of the rate"), min_value=0, max_value=1000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("For example 09:00-13:00, 15:00-19:00. Empty: no work on this day.")
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=day, required=False, max_length=120, help_text=hint if not number else ""
            )

    def clean(self) -> dict[str, Any]:
        """The hours of the week as one column."""
        data, week = super().clean() or {}, {}
        for number in range(len(DAYS)):
            try:
                week[str(number)] = read_hours(data.pop(f"day_{number}", ""))
            except Refused as refused:
                self.add_error(f"day_{number}", refused.sentence)
        return data | {"hours": week}


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def calendar(request: AgentRequest) -> HttpResponse:
    """The calendar of work."""
    rule = time_rule()
    names = ("zone", "night_from", "night_until", "currency", "overtime_percent", "night_percent")
    initial = {name: getattr(rule, name) for name in names}
    initial |= {f"day_{number}": write_hours(rule.hours.get(str(number), [])) for number in range(len(DAYS))}
    form = CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: change_time_rule(by=request.user, **data)):
        return back_to(request, "working-time")
    context = {"form": form, "row": None, "title": _("Working time"), "back": "working-time", "is_page": True}
    return settings_page(request, "desk/settings/form.jinja", "working-time", **context)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def rates(request: AgentRequest) -> HttpResponse:
    """Rates of customers; an empty rate takes one away."""
    organisations = Organisation.objects.visible_to(request.user)
    if request.method == "POST":
        name = request.POST.get("organisation", "").strip()
        organisation = organisations.filter(name__iexact=name).first()
        if organisation is None:
            raise Refused(_("There is no organisation of this name. Create it first."), field="organisation")
        chosen, rate = request.POST.get("activity", ""), request.POST.get("rate", "").strip()
        activity = (
            get_object_or_404(TimeActivity.objects.visible_to(request.user), pk=chosen)
            if chosen.isdigit()
            else None
        )
        set_customer_rate(organisation, activity, money(rate, "rate") if rate else None, by=request.user)
        return back_to(request, "customer-rates")
    rows = (
        CustomerRate.objects.visible_to(request.user)
        .select_related("organisation", "activity")
        .order_by("organisation__name", "pk")
    )
    activities = TimeActivity.objects.visible_to(request.user).filter(archived_at=None)
    context = {
        "rows": rows,
        "activities": [("", _("All activities")), *((a.pk, a.label) for a in activities)],
        "currency": time_rule().currency,
    }
    return settings_page(request, "desk/settings/customer_rates.jinja", "customer-rates", **context)
