"""Counting a round: its stretches, which of them rest and why, and when so many seconds have passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from zaguan.sla import business_time
from zaguan.sla.business_time import Hours, NeverOpens
from zaguan.sla.facts import Facts, Round, Stay
from zaguan.sla.terms import Target


class Piece(NamedTuple):
    """A stretch of a round: counted, with how many seconds it gave, or a pause with its cause.

    `cause` is "" for what counts, else a side of the ledger, "done" or "hidden".
    """

    start: datetime
    end: datetime | None
    seconds: int
    cause: str = ""
    status_id: int = 0


# From, until, the cause of the pause or "", and the stay that it comes from.
Stretch: TypeAlias = "tuple[datetime, datetime | None, str, Stay | None]"


def between(hours: Hours | None, start: datetime, end: datetime) -> int:
    """Whole seconds that count: opening hours, or all time where there are none to keep to."""
    if hours is None:
        return max(int((end - start).total_seconds()), 0)
    return business_time.between(hours, start, end)


def reached(hours: Hours | None, start: datetime, end: datetime | None, seconds: int) -> datetime | None:
    """When so many seconds have passed since `start`; None when that is not before the stretch is over."""
    if hours is None:
        at = start + timedelta(seconds=seconds)
    else:
        try:
            at = business_time.add(hours, start, seconds)
        except NeverOpens:
            return None
    return at if end is None or at <= end else None


def stretches(one: Round, facts: Facts, target: Target) -> list[Stretch]:
    """The round in parts, each with the cause of its pause or "", and the stay that it comes from."""
    at, end, pauses = one.started_at, one.ended_at, target.pauses
    found: list[Stretch] = []
    for stay in facts.stays:
        side, begin, over, _status, rests = stay
        if over is not None and over <= at:
            continue
        if end is not None and begin >= end:
            break
        if begin > at:
            # Before the ledger begins: a message that came in by a merge is older than the ticket.
            found.append((at, begin, "", None))
            at = begin
        if end is not None and (over is None or over > end):
            over = end
        found.append((at, over, rests or (side if side in pauses else ""), stay))
        if over is None:
            return found
        at = over
    if end is None or at < end:
        found.append((at, end, "", None))
    return found


def pieces(parts: list[Stretch], hours: Hours | None, now: datetime) -> Iterator[Piece]:
    """The same as values, with the seconds that each gave."""
    for start, end, cause, stay in parts:
        seconds = 0 if cause else between(hours, start, max(end or now, start))
        yield Piece(start, end, seconds, cause, stay.status_id if stay else 0)
