"""A clock that the demo sets: its conversations went through the desk's own verbs, only earlier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone


class Clock:
    """The time as the demo tells it; it never passes the real one."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.end = datetime.now(tz=at.tzinfo)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> bool:
        """Go on by `span`; False, standing still, when that would lie in the future."""
        if self.at + span > self.end:
            return False
        self.at += span
        return True


@contextmanager
def clock_at(moment: datetime) -> Iterator[Clock]:
    """Within: `timezone.now()` is what the clock says."""
    clock, real = Clock(moment), timezone.now
    timezone.now = clock.now
    try:
        yield clock
    finally:
        timezone.now = real
