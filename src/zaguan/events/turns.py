"""What happens by the clock happens once, however many workers there are: each has its turn under a lease."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.events.models import Turn
from zaguan.events.workers import is_dead

log = logging.getLogger("zaguan.worker")


@transaction.atomic
def take(name: str, worker: str, *, every: timedelta, lease: timedelta) -> bool:
    """Whether it is due and nobody else is at it; then it is ours until the lease ends."""
    now = timezone.now()
    turn = Turn.objects.select_for_update().get_or_create(name=name, defaults={"due_at": now})[0]
    held = turn.leased_until is not None and turn.leased_until > now and not is_dead(turn.leased_by)
    # Further away than it is ever planned: the clock was set back, and it would wait for years.
    waits = now < turn.due_at <= now + every
    if waits or held:
        return False
    # A little early, so that a clock which ticks in the same step is not a step late.
    turn.leased_by, turn.leased_until, turn.due_at = worker, now + lease, now + every * 0.9
    turn.save(update_fields=["leased_by", "leased_until", "due_at"])
    return True


def mark(name: str) -> None:
    """Write down that something happened now."""
    now = timezone.now()
    Turn.objects.update_or_create(name=name, defaults={"due_at": now, "done_at": now})


def run(name: str, work: Callable[[], Any], worker: str) -> None:
    """Do `work` under a lease that was taken, and write down how it went."""
    error = ""
    try:
        work()
    except Exception as problem:
        log.warning("%s failed", name, exc_info=problem)
        error = "".join(traceback.format_exception(problem))[-4000:]
    now = timezone.now()
    outcome: dict[str, Any] = {"failed_at": now, "error": error} if error else {"done_at": now, "error": ""}
    mine = Turn.objects.filter(name=name, leased_by=worker)
    mine.update(leased_until=None, leased_by="", **outcome)


def release(worker: str) -> None:
    """A worker that stops gives its turns back."""
    Turn.objects.filter(leased_by=worker).update(leased_until=None, leased_by="")
