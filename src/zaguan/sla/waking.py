"""What comes due by time alone: near, and missed. The worker asks one index each second, and sleeps otherwise."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from zaguan.lib.many_rows import update_many
from zaguan.lib.statements import Lookup
from zaguan.sla import heading
from zaguan.sla.computing import BREACHED
from zaguan.sla.models import Clock
from zaguan.sla.rows import Row, read_many
from zaguan.sla.settling import MISSED, NEAR
from zaguan.sla.telling import tell_missed, tell_near
from zaguan.tickets.models import Ticket

log = logging.getLogger(__name__)

# Tickets in one transaction: so short that nobody notices waiting for it.
BATCH = 50
# A ticket whose clocks cannot be told is tried again after this.
LATER = timedelta(minutes=5)
_TURNING = ("state", "warned_at", "missed_at", "wake_at", "told")


def due(now: datetime) -> QuerySet[Clock]:
    """Clocks whose moment has come, the oldest first."""
    return Clock.objects.filter(wake_at__lte=now).order_by("wake_at")


# Asked each second, all day: its SQL is made once.
_ripe = Lookup(lambda now: due(now).values_list("ticket_id")[: BATCH * 2], datetime)


def wake_due() -> int:
    """Let what is due be near or missed; returns how many clocks, 0 when there is nothing left to do now."""
    now = timezone.now()
    numbers = list(dict.fromkeys(number for (number,) in _ripe(now)))[:BATCH]
    try:
        return _wake(numbers, now) if numbers else 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Clocks that came due are told ticket by ticket")
        return sum(_wake_safely(number, now) for number in numbers)


def _wake_safely(number: int, now: datetime) -> int:
    """One ticket by itself; one that fails holds up nobody else."""
    try:
        return _wake([number], now)
    except Exception:
        log.exception("The clocks of ticket %s could not be told", number)
        return Clock.objects.filter(ticket=number, wake_at__lte=now).update(wake_at=now + LATER)


@transaction.atomic
def _wake(numbers: list[int], now: datetime) -> int:
    # Tickets first, as everybody locks them. Whoever is at one has it now; its turn comes a second later.
    tickets = Ticket.objects.filter(pk__in=numbers).order_by("pk")
    free = list(tickets.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    turned: list[tuple[Row, Row]] = []
    columns = []
    for number, rows in read_many(free).items():
        after = [_turned(row, now) if _is_ripe(row, now) else row for row in rows]
        ripe = [(old, row) for old, row in zip(rows, after, strict=True) if row is not old]
        if ripe:
            columns.append((*heading.header_of(after), number))
        turned += ripe
    update_many(Clock, _TURNING, ([getattr(row, name) for name in (*_TURNING, "id")] for _old, row in turned))
    heading.write_many(columns)
    for old, row in turned:
        _tell(old, row)
    return len(turned)


def _is_ripe(row: Row, now: datetime) -> bool:
    return row.wake_at is not None and row.wake_at <= now


def _turned(row: Row, now: datetime) -> Row:
    """One clock whose moment has come."""
    warned = row.warned_at
    if warned is None and row.warn_at is not None and row.warn_at <= now:
        warned = row.warn_at
    if row.due_at is not None and row.due_at <= now:
        return row._replace(
            state=BREACHED,
            warned_at=warned,
            missed_at=row.due_at,
            wake_at=None,
            told=row.told | MISSED | NEAR,
        )
    return row._replace(warned_at=warned, wake_at=row.due_at, told=row.told | NEAR)


def _tell(old: Row, row: Row) -> None:
    """What is said of it, once."""
    if row.missed_at is not None:
        if not old.told & MISSED:
            tell_missed(row)
    elif not old.told & NEAR:
        tell_near(row)
