"""Forms of the calendars: the week, and the days that are not like it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.time import DAYS
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Team
from zaguan.sla import public_holidays, spans_of_day
from zaguan.sla.models import Calendar


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class RegionField(forms.ChoiceField):
    """One of the regions offered; that of a country chosen before is left out without a word."""

    def validate(self, value: Any) -> None:
        """The form looks at it, since it knows the country."""


class CalendarForm(DeskForm):
    """Name, zone, week, and whose public holidays close it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Closed on the public holidays of"),
        required=False,
        choices=lambda: [("", _("No country")), *public_holidays.countries()],
    )
    region = RegionField(label=gettext_lazy("Region"), required=False)
    optional_days = forms.BooleanField(
        label=gettext_lazy("Also on customary days"),
        required=False,
        help_text=gettext_lazy(
            "Carnival in Brazil, bank holidays: days on which many close, though they need not."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = forms.TextInput({"placeholder": _("Closed")})
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=day, required=False, max_length=120, widget=closed
            )
        country = (self.data.get("country") if self.is_bound else self.initial.get("country")) or ""
        self.regions = public_holidays.regions(country)
        field: Any = self.fields["region"]
        field.choices = [("", _("The whole country")), *self.regions]

    def clean(self) -> dict[str, Any]:
        """The hours of the week as one column; a region only of this country."""
        data, week = super().clean() or {}, {}
        for number in range(len(DAYS)):
            try:
                week[str(number)] = spans_of_day.read(data.pop(f"day_{number}", ""))
            except Refused as refused:
                self.add_error(f"day_{number}", refused.sentence)
        if data.get("region") not in dict(self.regions):
            data["region"] = ""
        return data | {"week": week}


def initial_of(calendar: Calendar) -> dict[str, Any]:
    """A calendar as the form shows it."""
    names = ("name", "zone", "country", "region", "optional_days")
    days = {
        f"day_{number}": spans_of_day.write(calendar.week.get(str(number), [])) for number in range(len(DAYS))
    }
    return {name: getattr(calendar, name) for name in names} | days


class HolidayForm(DeskForm):
    """A day on which the calendar is closed."""

    day = _day(gettext_lazy("Day"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    yearly = forms.BooleanField(label=ngettext_lazy("Every year", "Every %(count)d years", 1), required=False)


class OtherHoursForm(DeskForm):
    """Other hours on a day or in a range of days."""

    first_day = _day(gettext_lazy("From"))
    last_day = _day(gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: only this day."))
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For example 8-15. Empty: closed."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only on"),
        required=False,
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: on the days that are open anyway."),
    )
    name = forms.CharField(label=gettext_lazy("Reason"), max_length=80, required=False)

    def clean_hours(self) -> list[list[str]]:
        """As pairs."""
        try:
            return spans_of_day.read(self.cleaned_data["hours"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None


class FeedForm(DeskForm):
    """An iCalendar address."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        widget=forms.URLInput,
        help_text=gettext_lazy("An iCalendar address (.ics). Its all-day events close the calendar."),
    )


class TeamsForm(DeskForm):
    """Who works by it."""

    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Teams without a calendar work by the default one."),
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["teams"]
        field.queryset = Team.objects.visible_to(viewer).filter(archived_at=None)

    def clean(self) -> dict[str, Any]:
        """A list, as the verb takes it."""
        data = super().clean() or {}
        return {"teams": list(data.get("teams", []))}
