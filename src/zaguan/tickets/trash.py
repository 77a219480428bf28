"""Deleting: into the trash, back out of it, and in the end for good (A3.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock
from zaguan.tickets.models import TRASHED_RANK, Ticket, Trashed
from zaguan.tickets.moving_events import TicketRestored, TicketTrashed
from zaguan.tickets.putting_away import bring_back, put_away
from zaguan.tickets.statuses import rules


@transaction.atomic
def trash(ticket: Ticket | int, *, by: Any, reason: str = "") -> Trashed:
    """Take a ticket out of sight for everybody; it can be brought back until it is purged."""
    fresh = lock(ticket)
    if fresh.is_hidden:
        raise Refused(_("Ticket %(number)s is no longer there.") % {"number": fresh.pk})
    row = Trashed.objects.create(
        ticket=fresh,
        agent=by if isinstance(by, Agent) else None,
        at=timezone.now(),
        reason=reason.strip()[:200],
        header=put_away(fresh, TRASHED_RANK),
    )
    record(TicketTrashed(ticket_id=fresh.pk, reason=row.reason), by=by)
    return row


@transaction.atomic
def restore(ticket: Ticket | int, *, by: Any) -> Ticket:
    """Bring a ticket back as it was."""
    fresh = lock(ticket)
    row = Trashed.objects.filter(ticket=fresh).first()
    if row is None:
        raise Refused(not_in_trash(fresh.pk))
    bring_back(fresh, row.header)
    row.delete()
    record(TicketRestored(ticket_id=fresh.pk), by=by)
    return fresh


def not_in_trash(number: int) -> str:
    """What to say of a ticket that is not there."""
    return _("Ticket %(number)s is not in the trash.") % {"number": number}


def goes_on(row: Trashed) -> Any:
    """When it is erased by itself; None when that is left to people."""
    days = rules().trash_days
    return row.at + timedelta(days=days) if days else None


def overdue(limit: int = 50) -> list[int]:
    """Tickets whose time in the trash is over."""
    days = rules().trash_days
    if not days:
        return []
    before = timezone.now() - timedelta(days=days)
    rows = Trashed.objects.filter(at__lt=before).order_by("at")
    return list(rows.values_list("ticket_id", flat=True)[:limit])
