"""Counting a round: its stretches, which of them rest and why, and when so many seconds have passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from zaguan.sla.business_time import Hours, NeverOpens, add, between
from zaguan.sla.facts import Facts, Round, Stay
from zaguan.sla.terms import Target


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a round: counted, with how many seconds it gave, or a pause with its cause.

    `cause` is "" for what counts, else a side of the ledger, "done" or "hidden".
    """

    start: datetime
    end: datetime | None
    seconds: int
    cause: str = ""
    status_id: int = 0


class Count:
    """Counting in opening hours, or in elapsed time where there are none to keep to."""

    def __init__(self, hours: Hours | None) -> None:
        self.hours = hours

    def between(self, start: datetime, end: datetime) -> int:
        """Whole seconds that count."""
        if self.hours is None:
            return max(int((end - start).total_seconds()), 0)
        return between(self.hours, start, end)

    def reached(
        self, start: datetime, end: datetime | None, seconds: int, ended: datetime | None
    ) -> datetime | None:
        """When so many seconds have passed since `start`; None when that is not before the stretch is over.

        Where the round itself ended, the moment is told as it would have been.
        """
        at = self._add(start, max(seconds, 0))
        return at if at is not None and (end is None or end == ended or at <= end) else None

    def _add(self, start: datetime, seconds: int) -> datetime | None:
        if self.hours is None:
            return start + timedelta(seconds=seconds)
        try:
            return add(self.hours, start, seconds)
        except NeverOpens:
            return None


Stretch = tuple[datetime, datetime | None, str, Stay | None]


def stretches(one: Round, facts: Facts, target: Target) -> Iterator[Stretch]:
    """The round in parts, each with the cause of its pause or "", and the stay that it comes from."""
    at, end = one.started_at, one.ended_at
    for stay in facts.stays:
        if stay.end is not None and stay.end <= at:
            continue
        if end is not None and stay.start >= end:
            break
        if stay.start > at:
            # Before the ledger begins: a message that came in by a merge is older than the ticket.
            yield at, stay.start, "", None
        over = stay.end if end is None else end if stay.end is None else min(stay.end, end)
        yield max(at, stay.start), over, _cause(stay, target), stay
        if over is None:
            return
        at = over
    if end is None or at < end:
        yield at, end, "", None


def _cause(stay: Stay, target: Target) -> str:
    """Why a stay does not count for this target."""
    return stay.rests or (stay.side if stay.side in target.pauses else "")


def pieces(parts: list[Stretch], count: Count, now: datetime) -> Iterator[Piece]:
    """The same as values, with the seconds that each gave."""
    for start, end, cause, stay in parts:
        seconds = 0 if cause else count.between(start, max(end or now, start))
        yield Piece(start, end, seconds, cause, stay.status_id if stay else 0)
