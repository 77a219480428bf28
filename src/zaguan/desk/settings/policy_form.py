"""The form of an SLA policy: whom it is for, and how much time each target gives, by urgency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.desk.forms import DeskForm
from zaguan.lib.durations import minutes_with_days, says_days
from zaguan.people.models import Agent
from zaguan.sla.models import Calendar, Policy, PolicyVersion
from zaguan.sla.sides import Side
from zaguan.sla.terms import FIRST, KINDS, PAUSING, Target
from zaguan.sla.words import target_label
from zaguan.tickets.models import Urgency

MINUTE = 60
USUAL_WARNING = 75
HINTS = {
    "first": gettext_lazy("From opening until somebody answers the customer. Automatic mails do not count."),
    "next": gettext_lazy("From each further message of the customer until somebody answers."),
    "update": gettext_lazy(
        "At the latest this long after our last message the customer hears from us again."
    ),
    "resolution": gettext_lazy("From opening until the ticket is resolved."),
}


def length(seconds: int) -> str:
    """Seconds as one types them: "30 min", "4 h", "4 h 30"; empty for none."""
    hours, minutes = divmod(seconds // MINUTE, 60)
    if not seconds:
        return ""
    return f"{minutes} min" if not hours else f"{hours} h {minutes}" if minutes else f"{hours} h"


class LengthField(forms.CharField):
    """A length of time, in seconds when cleaned; empty is 0. A day has 24 hours here."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        minutes = minutes_with_days(typed) if typed else 0
        if minutes is None:
            raise forms.ValidationError(_("Write it as 30 min, 4 h or 1:30."))
        return minutes * MINUTE


@dataclass(frozen=True)
class Row:
    """The fields of one target, as the template draws them."""

    label: str
    hint: str
    time: BoundField
    urgencies: list[BoundField]
    business: BoundField
    pauses: BoundField
    warn: BoundField

    @property
    def is_open(self) -> bool:
        """Whether anything stands in it that one should see at once."""
        return any(field.value() or field.errors for field in (self.time, *self.urgencies))


class PolicyForm(DeskForm):
    """Name, filter, hours, and four targets."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("What it is for"), max_length=300, required=False)
    query = forms.CharField(
        label=gettext_lazy("For tickets that fit"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("A filter, for example: team:Support service:Shop organisation:Acme. Empty: every ticket."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Opening hours"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=gettext_lazy("Those of the ticket's team"),
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar: Any = self.fields["calendar"]
        calendar.queryset = Calendar.objects.visible_to(viewer).filter(archived_at=None)
        self.urgencies = list(Urgency.objects.visible_to(viewer).filter(archived_at=None).order_by("-rank"))
        for kind in KINDS:
            self._add(kind)

    def _add(self, kind: str) -> None:
        sides = [(side, Side(side).label) for side in PAUSING]
        fields: dict[str, forms.Field] = {
            "time": LengthField(label=_("Time"), required=False, max_length=20),
            **{
                f"urgency_{urgency.pk}": LengthField(label=urgency.label, required=False, max_length=20)
                for urgency in self.urgencies
            },
            "business": forms.BooleanField(
                label=_("Only opening hours count"), required=False, initial=True
            ),
            "pauses": forms.MultipleChoiceField(
                label=_("It rests while it is the turn of"), choices=sides, required=False,
                widget=forms.CheckboxSelectMultiple, initial=[] if kind == FIRST else ["customer", "third"],
            ),
            "warn": forms.IntegerField(
                label=_("At risk after this share of the time, in percent"), required=False, min_value=1, max_value=99, initial=USUAL_WARNING,
            ),
        }  # fmt: skip
        self.fields |= {f"{kind}_{name}": field for name, field in fields.items()}

    def rows(self) -> list[Row]:
        """The targets in the order in which people read them."""
        return [
            Row(
                target_label(kind), str(HINTS[kind]), self[f"{kind}_time"],
                [self[f"{kind}_urgency_{urgency.pk}"] for urgency in self.urgencies],
                self[f"{kind}_business"], self[f"{kind}_pauses"], self[f"{kind}_warn"],
            )
            for kind in KINDS
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The targets as a policy takes them; what was left empty promises nothing."""
        data = super().clean() or {}
        for kind in KINDS:
            if data.get(f"{kind}_business"):
                self._refuse_days(kind)
        targets = [self._target(kind, data) for kind in KINDS]
        kept = [each for each in targets if each["seconds"] or each["by_urgency"]]
        names = ("name", "description", "query", "calendar")
        return {name: data[name] for name in names if name in data} | {"targets": kept}

    def _refuse_days(self, kind: str) -> None:
        """Opening hours decide how long a day is, and not all are equally long."""
        for name in (f"{kind}_time", *(f"{kind}_urgency_{urgency.pk}" for urgency in self.urgencies)):
            if name not in self.errors and says_days(str(self[name].value() or "")):
                self.add_error(name, _("A day of opening time can be short or long. Write hours: 8 h."))

    def _target(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        by_urgency = {u.pk: data.get(f"{kind}_urgency_{u.pk}") or 0 for u in self.urgencies}
        return {
            "kind": kind,
            "seconds": data.get(f"{kind}_time") or 0,
            "by_urgency": {pk: seconds for pk, seconds in by_urgency.items() if seconds},
            "in_business_time": data.get(f"{kind}_business", True),
            "pauses": data.get(f"{kind}_pauses", []),
            "warn_percent": data.get(f"{kind}_warn"),
        }


def initial_of(policy: Policy, version: PolicyVersion) -> dict[str, Any]:
    """What a policy says now, as the form shows it."""
    values: dict[str, Any] = {"name": policy.name, "description": policy.description}
    values |= {"query": version.query, "calendar": version.calendar_id}
    for target in version.terms.targets:
        values |= {f"{target.kind}_{name}": value for name, value in _typed(target).items()}
    return values


def _typed(target: Target) -> dict[str, Any]:
    return {
        "time": length(target.seconds),
        "business": target.in_business_time,
        "pauses": list(target.pauses),
        "warn": target.warn_percent,
        **{f"urgency_{pk}": length(seconds) for pk, seconds in target.by_urgency.items()},
    }
