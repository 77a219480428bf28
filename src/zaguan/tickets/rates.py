"""What an hour costs: per activity, per customer, per kind of time; and the calendar that the kinds come from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Organisation
from zaguan.tickets.models import CustomerRate, TimeActivity, TimeKind, TimeRule

CENT = Decimal("0.01")
LARGEST = Decimal(10_000_000)
WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)} | {"5": [], "6": []}


def time_rule() -> TimeRule:
    """The desk's calendar and money; made when first asked for."""
    return TimeRule.objects.first() or TimeRule.objects.create(zone=settings.TIME_ZONE, hours=WEEK)


@transaction.atomic
def change_time_rule(*, by: Any, **values: Any) -> TimeRule:
    """Change the calendar, the currency, or what overtime and night are worth."""
    found = time_rule()
    if values.get("zone", "UTC") not in available_timezones():
        raise Refused(_("There is no such time zone."), field="zone")
    currency = values.get("currency", "EUR").strip().upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise Refused(_("A currency is three letters, such as EUR."), field="currency")
    if (values.get("night_from") is None) != (values.get("night_until") is None):
        raise Refused(_("A night has a beginning and an end."), field="night_until")
    values |= {"currency": currency}
    changes = {k: [str(getattr(found, k)), str(v)] for k, v in values.items() if getattr(found, k) != v}
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    if changes:
        record(SettingChanged(what="time_rule", id=found.pk, changes=changes), by=by)
    return found


def rate_for(activity: TimeActivity | None, organisation_id: int | None) -> Decimal:
    """The customer's rate for this activity, else the customer's for all, else the activity's own."""
    if organisation_id is not None:
        found: dict[int | None, Decimal] = dict(
            CustomerRate.objects.filter(organisation=organisation_id).values_list("activity", "rate")
        )
        if activity is not None and activity.pk in found:
            return found[activity.pk]
        if None in found:
            return found[None]
    return activity.rate if activity else Decimal(0)


def value_of(minutes: int, rate: Decimal, kind: str, rule: TimeRule) -> Decimal:
    """Counted time × rate, with what overtime or night are worth."""
    percent = {TimeKind.OVERTIME: rule.overtime_percent, TimeKind.NIGHT: rule.night_percent}.get(
        TimeKind(kind), 100
    )
    return (rate * minutes * percent / 6000).quantize(CENT, ROUND_HALF_UP)


def money(text: Any, field: str) -> Decimal:
    """An amount as people write it: "12,50" or "12.50"; Refused for anything else."""
    try:
        amount = Decimal(str(text).strip().replace(",", ".")).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise Refused(_("“%(text)s” is not an amount.") % {"text": text}, field=field) from None
    if not 0 <= amount < LARGEST:
        raise Refused(_("An amount is 0 or more, and below ten millions."), field=field)
    return amount


@transaction.atomic
def set_customer_rate(
    organisation: Organisation, activity: TimeActivity | None, rate: Decimal | None, *, by: Any
) -> None:
    """Give a customer another rate for an activity (None: for all); no rate takes it away."""
    present = CustomerRate.objects.filter(organisation=organisation, activity=activity).first()
    old = present.rate if present else None
    if old == rate:
        return
    if present:
        present.delete()
    if rate is not None:
        CustomerRate.objects.create(organisation=organisation, activity=activity, rate=rate)
    changes = {"rate": [str(old) if old is not None else "", str(rate) if rate is not None else ""]}
    event = SettingChanged(what="customer_rate", id=organisation.pk, name=organisation.name, changes=changes)
    record(event, by=by)
