"""How much an agent carries at once: each channel has its weight, counted in hundredths of a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Capacity
from zaguan.people.reference import Kept, forget_all

MOST = 100_000
_kept: Kept[Capacity] = Kept(lambda: Capacity.objects.order_by("pk")[:1])


def capacity() -> Capacity:
    """The desk's choices; those of a new desk as long as nobody made others. Read it, never change it."""
    return next(iter(_kept.all().values()), None) or Capacity()


def weight_of(channel: str) -> int:
    """What a ticket of this channel weighs."""
    chosen = capacity()
    return int(chosen.weights.get(channel, chosen.other))


def total_of(agent: Agent) -> int:
    """How much this agent carries at once."""
    return capacity().total if agent.capacity is None else agent.capacity


@transaction.atomic
def save_capacity(
    *,
    by: Any,
    weights: Mapping[str, int] | None = None,
    other: int | None = None,
    total: int | None = None,
    away_after_minutes: int | None = None,
) -> Capacity:
    """Change some of the desk's choices. Raises Refused for numbers that make no sense."""
    row = Capacity.objects.select_for_update().first() or Capacity()
    given = {"weights": weights, "other": other, "total": total, "away_after_minutes": away_after_minutes}
    changes = {k: [getattr(row, k), v] for k, v in given.items() if v is not None and getattr(row, k) != v}
    for name, (_old, new) in changes.items():
        _check(name, new)
        setattr(row, name, dict(new) if name == "weights" else new)
    row.save()
    forget_all()
    if changes:
        record(SettingChanged(what="capacity", id=row.pk, name="", changes=changes), by=by)
    return row


def _check(name: str, value: Any) -> None:
    numbers = list(value.values()) if name == "weights" else [value]
    if not all(isinstance(number, int) and 0 <= number <= MOST for number in numbers):
        raise Refused(_("Write a number from 0 to 1000."), field=name)
    if name == "away_after_minutes" and value > 1440:
        raise Refused(_("Write at most 1440 minutes, which is a day."), field=name)
