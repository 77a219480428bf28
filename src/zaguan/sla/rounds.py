"""When each target of a ticket started and ended. Pure.

*First answer* starts when the ticket opens. *Next answer* starts with the first message of the customer that nobody has
answered. *Update* starts when the ticket opens, and again with each answer. An answer or a solution ends any of them.
*Resolution* starts when the ticket opens and ends when it is done; opened again it goes on where it stood.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from zaguan.sla.facts import DONE, Facts, Round, doings, first_after, first_from
from zaguan.sla.terms import FIRST, NEXT, RESOLUTION, UPDATE

# An answer that solves the ticket promises no further update.
_SOLVED_WITH_IT = timedelta(minutes=1)


def rounds(facts: Facts, kinds: Collection[str]) -> list[Round]:
    """Every round of these targets, in the order of their start within each kind."""
    became, again = doings(facts)
    found: list[Round] = []
    first = _ended(FIRST, 1, facts.opened_at, first_from(facts.answered, facts.opened_at), became)
    if FIRST in kinds:
        found.append(first)
    if NEXT in kinds and first.ended_at is not None:
        found += _next(facts, first.ended_at, became)
    if UPDATE in kinds:
        found += _updates(facts, became, again)
    if RESOLUTION in kinds:
        is_done = len(became) > len(again)
        end = max(became[-1], facts.opened_at) if is_done else None
        found.append(Round(RESOLUTION, 1, facts.opened_at, end, DONE if end else ""))
    return found


def _ended(kind: str, number: int, start: datetime, answer: datetime | None, became: list[datetime]) -> Round:
    """The round that begins at `start`, with whichever of an answer and a solution comes first.

    Solutions are known to the second; an answer within the same one came before.
    """
    done = first_from(became, start.replace(microsecond=0))
    if answer is not None and (done is None or answer.replace(microsecond=0) <= done):
        return Round(kind, number, start, answer, "answer")
    return Round(kind, number, start, max(done, start) if done else None, DONE if done else "")


def _next(facts: Facts, since: datetime, became: list[datetime]) -> Iterator[Round]:
    number, end = 0, since
    while (start := first_after(facts.asked, end)) is not None:
        number += 1
        one = _ended(NEXT, number, start, first_from(facts.answered, start), became)
        yield one
        if one.ended_at is None:
            return
        end = one.ended_at


def _updates(facts: Facts, became: list[datetime], again: list[datetime]) -> Iterator[Round]:
    number, start = 0, facts.opened_at
    while True:
        one = _ended(UPDATE, number + 1, start, first_after(facts.answered, start), became)
        if one.ended_by != DONE or (one.ended_at or start) - start > _SOLVED_WITH_IT:
            number += 1
            yield one
        if one.ended_at is None:
            return
        start = one.ended_at
        if one.ended_by == DONE or _is_done(start, became, again):
            reopened = first_after(again, start)
            if reopened is None:
                return
            start = reopened


def _is_done(at: datetime, became: list[datetime], again: list[datetime]) -> bool:
    return bisect_right(became, at) > bisect_right(again, at)
