"""The clock opens the tickets that were planned: each once, by its own time, and says so when it cannot (A3.7)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.conversations.planning import Plan, begin
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Schedule, Ticket
from zaguan.tickets.moving_events import ScheduleChanged
from zaguan.tickets.scheduling import following

_log = logging.getLogger(__name__)


def open_due(limit: int = 200) -> int:
    """What the clock brings; returns how many tickets were opened."""
    due = Schedule.objects.filter(next_at__lte=timezone.now(), paused_at=None).order_by("next_at")
    return sum(_open(pk) is not None for pk in due.values_list("pk", flat=True)[:limit])


def _open(pk: int) -> Ticket | None:
    try:
        return _open_now(pk)
    except Refused as refused:
        _put_off(pk, refused.sentence)
        return None


@transaction.atomic
def _open_now(pk: int) -> Ticket | None:
    row = _due(pk)
    if row is None:
        return None
    unfit: list[str] = []
    ticket = begin(Plan.of(row.values), by=_author(row), unfit=unfit)
    row.last_ticket, row.count, row.problem = ticket, row.count + 1, " ".join(unfit)
    # After an outage one ticket opens, and not one for each time that went by.
    row.next_at = following(row, timezone.now()) if row.rule else None
    row.save(update_fields=["last_ticket", "count", "problem", "next_at"])
    record(ScheduleChanged(schedule_id=row.pk, what="opened", opened=ticket.pk), by=SYSTEM)
    return ticket


@transaction.atomic
def _put_off(pk: int, problem: str) -> None:
    """It could not open: the list says why, and it waits for its next time, or for somebody."""
    row = _due(pk)
    if row is None:
        return
    _log.warning("schedule %s could not open: %s", pk, problem)
    row.problem, row.next_at = problem, _later(row)
    row.save(update_fields=["problem", "next_at"])
    record(ScheduleChanged(schedule_id=row.pk, what="failed"), by=SYSTEM)


def _later(row: Schedule) -> datetime | None:
    return following(row, timezone.now()) if row.rule else None


def _due(pk: int) -> Schedule | None:
    """The row, locked, if another worker was not quicker."""
    rows = Schedule.objects.select_for_update(of=("self",)).filter(pk=pk, paused_at=None)
    return rows.filter(next_at__lte=timezone.now()).first()


def _author(row: Schedule) -> Any:
    agent = row.agent
    return agent if agent is not None and agent.is_active else SYSTEM
