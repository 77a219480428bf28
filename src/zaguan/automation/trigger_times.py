"""“3 days have passed since our last answer”, “2 working hours are left until the promise”: what is counted from, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zaguan.automation.base import ActionForm
from zaguan.conversations.models import SIDE, Message
from zaguan.events.models import EventRecord
from zaguan.tickets import reference
from zaguan.tickets.attributes import values_of
from zaguan.tickets.models import Ticket

TIME = "time_passed"
SECONDS = {"minutes": 60, "hours": 3600, "days": 86_400}
ATTRIBUTE = "attribute"


@dataclass(frozen=True)
class Base:
    """A moment of a ticket; `label` goes after “3 days have passed since”."""

    key: str
    label: Any
    read: Callable[[Ticket, dict[str, Any]], datetime | None]


def _last_answer(ticket: Ticket, values: dict[str, Any]) -> datetime | None:
    said = Message.objects.filter(ticket=ticket, direction=Message.Direction.OUT, withdrawn_at=None)
    last = said.filter(is_automatic=False).exclude(channel=SIDE).order_by("-id")
    return last.values_list("created_at", flat=True).first()


def _status_changed(ticket: Ticket, values: dict[str, Any]) -> datetime | None:
    rows = EventRecord.objects.filter(ticket_id=ticket.pk, kind="tickets.StatusChanged").order_by("-id")
    return rows.values_list("at", flat=True).first() or ticket.created_at


def _attribute(ticket: Ticket, values: dict[str, Any]) -> datetime | None:
    stored = values_of(ticket)
    every = reference.attributes.all().values()
    marks = [str(row.pk) for row in every if row.key == values.get("attribute")]
    found = next((stored[mark] for mark in marks if stored.get(mark)), None)
    return moment_in(found)


def moment_in(value: Any) -> datetime | None:
    """A stored date or moment; a date begins at midnight of the desk's own clock."""
    text = str(value or "")
    try:
        found: datetime | date | None = parse_date(text) if len(text) == 10 else parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    if not isinstance(found, datetime):
        found = datetime.combine(found, time.min)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _column(name: str) -> Callable[[Ticket, dict[str, Any]], datetime | None]:
    return lambda ticket, values: getattr(ticket, name, None)


BASES = {
    base.key: base
    for base in (
        Base("last_customer", gettext_lazy("the customer's last message"), _column("last_customer_at")),
        Base("last_answer", gettext_lazy("our last answer"), _last_answer),
        Base("opened", gettext_lazy("the ticket was opened"), _column("created_at")),
        Base("status_changed", gettext_lazy("the last change of status"), _status_changed),
        Base("waiting", gettext_lazy("the customer began to wait"), _column("waiting_since")),
        Base("resolved", gettext_lazy("it was resolved"), _column("resolved_at")),
        Base("promise", gettext_lazy("the promised solution"), _column("promised_at")),
        Base("due", gettext_lazy("the SLA deadline"), _column("due_at")),
        Base(ATTRIBUTE, gettext_lazy("the date in an attribute"), _attribute),
    )
}


def _attributes() -> list[tuple[str, str]]:
    dates = (row for row in reference.attributes.all().values() if row.archived_at is None)
    found = {row.key: row.label for row in dates if row.format == "datetime"}
    return [("", "–"), *sorted(found.items(), key=lambda pair: pair[1].casefold())]


class TimeForm(ActionForm):
    """How much time, before or after what."""

    amount = forms.IntegerField(label=gettext_lazy("How many"), min_value=0, max_value=10_000)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        choices=[
            ("minutes", gettext_lazy("minutes")),
            ("hours", gettext_lazy("hours")),
            ("days", gettext_lazy("days")),
        ],
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Before or after"),
        required=False,
        choices=[("after", gettext_lazy("after")), ("before", gettext_lazy("before"))],
    )
    base = forms.ChoiceField(label=gettext_lazy("What"), choices=[(b.key, b.label) for b in BASES.values()])
    attribute = forms.ChoiceField(label=gettext_lazy("Attribute"), choices=_attributes, required=False)
    working = forms.BooleanField(
        label=gettext_lazy("Only working time"),
        required=False,
        help_text=gettext_lazy("By the calendar of the ticket's team; a day is then eight hours."),
    )

    def clean(self) -> dict[str, Any]:
        """After, unless told otherwise; a date of its own is named."""
        data = super().clean() or {}
        data["side"] = data.get("side") or "after"
        if data.get("base") == ATTRIBUTE and not data.get("attribute"):
            self.add_error("attribute", _("Choose the attribute with the date."))
        return data


def base_of(ticket: Ticket, values: dict[str, Any]) -> datetime | None:
    """What is counted from, in UTC; None while the ticket has no such moment."""
    base = BASES.get(values.get("base", ""))
    found = base.read(ticket, values) if base else None
    return found.astimezone(UTC) if found else None


def moment_of(ticket: Ticket, values: dict[str, Any], base: datetime) -> datetime:
    """When the rule looks at the ticket."""
    amount = int(values["amount"])
    before = values.get("side") == "before"
    if values.get("working"):
        return _working(ticket, values, base, amount, before=before)
    length = timedelta(seconds=amount * SECONDS[values["unit"]])
    return base - length if before else base + length


# A working day, where days of working time are counted.
WORKDAY = 8 * 3600


def _working(
    ticket: Ticket, values: dict[str, Any], base: datetime, amount: int, *, before: bool
) -> datetime:
    from zaguan.sla.business_time import add, subtract
    from zaguan.sla.calendars import calendar_of_team, hours_of

    hours = hours_of(calendar_of_team(ticket.team_id))
    seconds = amount * (WORKDAY if values["unit"] == "days" else SECONDS[values["unit"]])
    return subtract(hours, base, seconds) if before else add(hours, base, seconds)


def length_in_words(amount: int, unit: str) -> str:
    """“3 days”."""
    values = {"count": amount}
    if unit == "minutes":
        return ngettext("%(count)d minute", "%(count)d minutes", amount) % values
    if unit == "hours":
        return ngettext("%(count)d hour", "%(count)d hours", amount) % values
    return ngettext("%(count)d day", "%(count)d days", amount) % values


def time_in_words(values: dict[str, Any]) -> str:
    """The whole trigger as words, to stand after “When”."""
    base = BASES.get(values.get("base", ""))
    what = str(base.label) if base else "?"
    if values.get("base") == ATTRIBUTE:
        what = dict(_attributes()).get(values.get("attribute", ""), values.get("attribute", ""))
    amount = int(values["amount"])
    said = _before(amount, values) if values.get("side") == "before" else _after(amount, values)
    return said % {"length": length_in_words(amount, values["unit"]), "what": what}


def _after(amount: int, values: dict[str, Any]) -> str:
    if values.get("working"):
        return ngettext(
            "%(length)s of working time has passed since %(what)s",
            "%(length)s of working time have passed since %(what)s",
            amount,
        )
    return ngettext("%(length)s has passed since %(what)s", "%(length)s have passed since %(what)s", amount)


def _before(amount: int, values: dict[str, Any]) -> str:
    if values.get("working"):
        return ngettext(
            "%(length)s of working time is left until %(what)s",
            "%(length)s of working time are left until %(what)s",
            amount,
        )
    return ngettext("%(length)s is left until %(what)s", "%(length)s are left until %(what)s", amount)
