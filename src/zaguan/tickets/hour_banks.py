"""Hours that organisations bought, what is left of them, and the word when little is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.tickets.models import HourBank, TimeEntry
from zaguan.tickets.work_events import HourBankLow


@dataclass(frozen=True)
class Balance:
    """A bank with what was used of it."""

    bank: HourBank
    used: int

    @property
    def left(self) -> int:
        return self.bank.minutes - self.used

    @property
    def is_low(self) -> bool:
        """Whether somebody should sell more hours."""
        return self.left <= self.bank.warn_at


def balances(banks: list[HourBank]) -> list[Balance]:
    """What is used of each, in one question; rejected time does not count."""
    used = dict(
        TimeEntry.objects.filter(bank__in=banks)
        .exclude(state=TimeEntry.State.REJECTED)
        .values_list("bank")
        .annotate(sum=Sum("minutes"))
    )
    return [Balance(bank, used.get(bank.pk, 0)) for bank in banks]


def bank_for(organisation_id: int | None, day: date) -> HourBank | None:
    """From which bank work of that day is taken: the oldest that has hours left, else the newest."""
    if organisation_id is None:
        return None
    open_ = HourBank.objects.filter(organisation=organisation_id, closed_at=None, starts_on__lte=day)
    valid = list(open_.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("starts_on", "id"))
    found = balances(valid)
    return next((each.bank for each in found if each.left > 0), found[-1].bank if found else None)


def warn_when_low(bank: HourBank, ticket_id: int) -> int | None:
    """Say once that little is left; returns what is left when that was said. Call in a transaction."""
    fresh = HourBank.objects.select_for_update().get(pk=bank.pk)
    balance = balances([fresh])[0]
    if not balance.is_low or fresh.warned_at:
        return None
    fresh.warned_at = timezone.now()
    fresh.save(update_fields=["warned_at"])
    record(HourBankLow(ticket_id=ticket_id, bank_id=fresh.pk, name=fresh.name, left=balance.left), by=SYSTEM)
    return balance.left


@transaction.atomic
def save_bank(bank: HourBank | None, *, by: Any, **values: Any) -> HourBank:
    """Sell hours, or change what was agreed; a new warning follows when the numbers allow one."""
    saved = bank or HourBank()
    changes = {k: [str(getattr(saved, k, "") or ""), str(v)] for k, v in values.items()} if bank else {}
    for name, value in values.items():
        setattr(saved, name, value)
    if not saved.name.strip():
        raise Refused(_("Give it a name."), field="name")
    if saved.minutes <= 0:
        raise Refused(_("Say how many hours were bought."), field="hours")
    if saved.ends_on is not None and saved.ends_on < saved.starts_on:
        raise Refused(_("It ends before it begins."), field="ends_on")
    saved.warned_at = None
    saved.save()
    real = {k: pair for k, pair in changes.items() if pair[0] != pair[1]}
    record(SettingChanged(what="hour_bank", id=saved.pk, name=saved.name, changes=real), by=by)
    return saved


@transaction.atomic
def close_bank(bank: HourBank, closed: bool, *, by: Any) -> None:
    """Take no more from it, or again."""
    bank.closed_at = timezone.now() if closed else None
    bank.save(update_fields=["closed_at"])
    changes = {"closed": [not closed, closed]}
    record(SettingChanged(what="hour_bank", id=bank.pk, name=bank.name, changes=changes), by=by)
