"""A clock on a ticket: started, paused, stopped. It lives in the database, so it survives reloads and other tabs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, TimeEntry, Timer
from zaguan.tickets.time_parts import LONGEST, NewTime
from zaguan.tickets.time_spent import log_time


def timer_on(agent: Agent, ticket: Ticket) -> Timer | None:
    """The agent's clock on this ticket, running or paused."""
    return Timer.objects.filter(agent=agent, ticket=ticket).first()


def elapsed(timer: Timer, now: datetime | None = None) -> int:
    """Seconds that it has counted."""
    now = now or timezone.now()
    running = (now - timer.running_since).total_seconds() if timer.running_since else 0
    return timer.seconds + max(int(running), 0)


@transaction.atomic
def start_timer(ticket: Ticket, *, by: Agent) -> Timer:
    """Start, or go on; a clock that runs on another ticket is paused."""
    # One after the other: two tabs must not start two clocks.
    Agent.objects.select_for_update(of=("self",)).get(pk=by.pk)
    for other in Timer.objects.filter(agent=by, running_since__isnull=False).exclude(ticket=ticket):
        _pause(other)
    now = timezone.now()
    timer, _made = Timer.objects.get_or_create(agent=by, ticket=ticket, defaults={"started_at": now})
    if timer.running_since is None:
        timer.running_since = now
        timer.save(update_fields=["running_since"])
    return timer


@transaction.atomic
def pause_timer(ticket: Ticket, *, by: Agent) -> Timer | None:
    """Stop counting for now."""
    timer = Timer.objects.select_for_update().filter(agent=by, ticket=ticket).first()
    if timer is not None and timer.running_since is not None:
        _pause(timer)
    return timer


def _pause(timer: Timer) -> None:
    timer.seconds, timer.running_since = elapsed(timer), None
    timer.save(update_fields=["seconds", "running_since"])


@transaction.atomic
def stop_timer(ticket: Ticket, *, by: Agent, **values: Any) -> list[TimeEntry]:
    """End the clock and log what it counted, at least a minute; `values` are of NewTime. Nothing without a clock."""
    timer = Timer.objects.select_for_update().filter(agent=by, ticket=ticket).first()
    if timer is None:
        return []
    now, seconds = timezone.now(), elapsed(timer)
    minutes = min(max(round(seconds / 60), 1), 24 * 60)
    start = max(timer.started_at, now - LONGEST)
    if now - start < timedelta(minutes=1):
        start = now - timedelta(minutes=1)
    new = NewTime(started_at=start, ended_at=now, minutes=values.pop("minutes", None) or minutes, **values)
    timer.delete()
    return log_time(ticket, new, by=by)


@transaction.atomic
def discard_timer(ticket: Ticket, *, by: Agent) -> None:
    """End the clock and log nothing."""
    Timer.objects.filter(agent=by, ticket=ticket).delete()
