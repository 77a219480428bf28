"""What happened to a ticket, as far as its clocks care: plain values that the counting starts from. Pure.

They are tuples with names, because a changed policy is counted for tens of thousands of tickets at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

DONE, HIDDEN = "done", "hidden"


class Stay(NamedTuple):
    """How long a ticket was on one side in one status, in whole seconds; `end` is None while it is there.

    `rests` is why no target counts meanwhile: "done" for resolved and closed, "hidden" for merged away or in the trash.
    """

    side: str
    start: datetime
    end: datetime | None
    status_id: int = 0
    rests: str = ""


class Facts(NamedTuple):
    """`asked` are the moments at which the customer wrote, `answered` those at which a person of ours answered.

    Both and the stays are in the order of time.
    """

    opened_at: datetime
    asked: tuple[datetime, ...] = ()
    answered: tuple[datetime, ...] = ()
    stays: tuple[Stay, ...] = ()


class Round(NamedTuple):
    """One time that a target was started: what began it, what ended it; `ended_at` is None while it is open."""

    kind: str
    number: int
    started_at: datetime
    ended_at: datetime | None = None
    # "answer" or "done"; "" while it is open.
    ended_by: str = ""


def doings(facts: Facts) -> tuple[list[datetime], list[datetime]]:
    """When it became done, and when it was opened again: as the ledger says, in whole seconds."""
    became, again = [], []
    was_done = False
    for stay in facts.stays:
        is_done = stay.rests == DONE or (was_done and stay.rests == HIDDEN)
        if is_done and not was_done:
            became.append(stay.start)
        elif was_done and not is_done:
            again.append(stay.start)
        was_done = is_done
    return became, again


def first_from(moments: Sequence[datetime], start: datetime) -> datetime | None:
    """The first of the moments that is not before `start`."""
    place = bisect_left(moments, start)
    return moments[place] if place < len(moments) else None


def first_after(moments: Sequence[datetime], start: datetime) -> datetime | None:
    """The first of the moments that is later than `start`."""
    place = bisect_right(moments, start)
    return moments[place] if place < len(moments) else None
