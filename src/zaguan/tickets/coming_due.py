"""What the clock brings to tickets, each by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from zaguan.tickets.models import Ticket
from zaguan.tickets.statuses import close_resolved, wake_snoozed

log = logging.getLogger(__name__)


def wake_and_close_due(limit: int = 200) -> int:
    """Wakes snoozed tickets and closes resolved ones that are due; returns how many."""
    now = timezone.now()
    waking = Ticket.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")
    closing = Ticket.objects.filter(closes_at__lte=now).order_by("closes_at")
    woken = [_safely(wake_snoozed, pk) for pk in waking.values_list("pk", flat=True)[:limit]]
    closed = [_safely(close_resolved, pk) for pk in closing.values_list("pk", flat=True)[:limit]]
    return sum(woken) + sum(closed)


def _safely(verb: Callable[[int], bool], number: int) -> bool:
    """One ticket that fails does not hold up those behind it; it is tried again with the next round."""
    try:
        return verb(number)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("The clock could not change ticket %s", number)
        return False
