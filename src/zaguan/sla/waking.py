"""What comes due by time alone: near, and missed. The worker asks one index each second, and sleeps otherwise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zaguan.lib.statements import update
from zaguan.sla.clocks import MISSED, NEAR
from zaguan.sla.heading import show
from zaguan.sla.judging import read_many
from zaguan.sla.models import Clock
from zaguan.sla.telling import tell_missed, tell_near
from zaguan.tickets.models import Ticket

# Tickets in one transaction: so short that nobody notices waiting for it.
BATCH = 50


def due(now: datetime) -> QuerySet[Clock]:
    """Clocks whose moment has come, the oldest first."""
    return Clock.objects.filter(wake_at__lte=now).order_by("wake_at")


def wake_due() -> int:
    """Let what is due be near or missed; returns how many clocks, 0 when there is nothing left to do now."""
    now = timezone.now()
    numbers = list(dict.fromkeys(due(now).values_list("ticket_id", flat=True)[: BATCH * 2]))[:BATCH]
    return _wake(numbers, now) if numbers else 0


@transaction.atomic
def _wake(numbers: list[int], now: datetime) -> int:
    # Tickets first, as everybody locks them. Whoever is at one has it now; its turn comes a second later.
    tickets = Ticket.objects.filter(pk__in=numbers).order_by("pk")
    free = list(tickets.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    woken = 0
    for number, rows in read_many(free).items():
        ripe = [row for row in rows if row.wake_at is not None and row.wake_at <= now]
        for row in ripe:
            _turn(row, now)
        if ripe:
            show(number, rows)
        woken += len(ripe)
    return woken


def _turn(row: Clock, now: datetime) -> None:
    """One clock whose moment has come, and what is said of it, once."""
    if row.warned_at is None and row.warn_at is not None and row.warn_at <= now:
        row.warned_at = row.warn_at
    is_missed = row.due_at is not None and row.due_at <= now
    if is_missed:
        row.state, row.missed_at = Clock.State.BREACHED, row.due_at
    row.wake_at = None if is_missed else row.due_at
    told, row.told = row.told, row.told | (MISSED | NEAR if is_missed else NEAR)
    update(row, "state", "warned_at", "missed_at", "wake_at", "told")
    if is_missed and not told & MISSED:
        tell_missed(row)
    elif not is_missed and not told & NEAR:
        tell_near(row)
