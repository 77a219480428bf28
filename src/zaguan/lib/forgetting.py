"""Deleting what is old: all of it, in parts that hold nobody up."""

from __future__ import annotations

import time
from typing import Any

from django.db.models import QuerySet

AT_ONCE, PAUSE = 2000, 0.03
# What is left after this goes the next time.
SECONDS = 20.0


def forget(old: QuerySet[Any], *, at_once: int | None = None, seconds: float = SECONDS) -> int:
    """Delete these rows, in their order, and what hangs on them; returns how many of these."""
    until, gone = time.monotonic() + seconds, 0
    while numbers := list(old.values_list("pk", flat=True)[: at_once or AT_ONCE]):
        old.model._default_manager.filter(pk__in=numbers).delete()
        gone += len(numbers)
        if time.monotonic() >= until:
            break
        time.sleep(PAUSE)
    return gone
