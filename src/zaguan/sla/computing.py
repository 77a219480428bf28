"""From what happened, a policy's terms and opening hours to every clock of a ticket, with all that was counted. Pure.

The rows of `Clock` hold what this gives, and "SLA details" shows it. How a change of policy in the middle is judged: a round
that has ended keeps the terms by which it was judged; an open one, and one for which nothing was promised until now, goes by the
present terms, from its beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from zaguan.sla.business_time import Hours
from zaguan.sla.counting import Piece, Stretch, between, pieces, reached, stretches
from zaguan.sla.facts import Facts, Round
from zaguan.sla.rounds import rounds
from zaguan.sla.terms import Target, Terms

RUNNING, PAUSED, MET, BREACHED = "running", "paused", "met", "breached"
Key = tuple[str, datetime]
# A round that ended: its kind, and from when to when it ran.
Ended = tuple[str, datetime, datetime]


class Judge(NamedTuple):
    """By what a round is judged: the terms, the opening hours that go with them, and the ticket's urgency.

    `seconds` is how much it was given, where that is known already.
    """

    terms: Terms
    hours: Hours
    urgency_id: int | None = None
    seconds: int | None = None

    def length(self, target: Target) -> int:
        """How many seconds a target has."""
        return target.length(self.urgency_id) if self.seconds is None else self.seconds


class Reckoning(NamedTuple):
    """One clock: what was promised, how far it is, and why."""

    round: Round
    terms: Terms
    target: Target
    length: int
    state: str
    due_at: datetime | None
    # Seconds left while it is paused.
    left: int | None
    warn_at: datetime | None
    warned_at: datetime | None
    missed_at: datetime | None
    # When its state changes next by time alone.
    wake_at: datetime | None
    pieces: tuple[Piece, ...] = ()

    @property
    def key(self) -> Key:
        """What it is the same clock by, however often it is computed."""
        return self.round.kind, self.round.started_at

    @property
    def is_open(self) -> bool:
        return self.round.ended_at is None


def compute(
    facts: Facts,
    judge: Judge | None,
    now: datetime,
    *,
    earlier: Mapping[Ended, Judge] | None = None,
    told: bool = False,
) -> list[Reckoning]:
    """Every clock of a ticket. `earlier` judges rounds that ended under other terms; `told` adds what was counted."""
    kinds = [target.kind for target in judge.terms.targets] if judge else []
    if earlier:
        kinds += [kind for kind, _start, _end in earlier]
    found = []
    for one in rounds(facts, kinds):
        chosen = judge
        if earlier and one.ended_at is not None:
            chosen = earlier.get((one.kind, one.started_at, one.ended_at), judge)
        reckoned = reckon(one, facts, chosen, now, told=told) if chosen else None
        if reckoned is not None:
            found.append(reckoned)
    return found


def reckon(one: Round, facts: Facts, judge: Judge, now: datetime, *, told: bool = False) -> Reckoning | None:
    """One round by one judge; None when these terms promise nothing for it."""
    target = judge.terms.target(one.kind)
    length = judge.length(target) if target else 0
    if target is None or length <= 0:
        return None
    hours = judge.hours if target.in_business_time else None
    parts = stretches(one, facts, target)
    due, warn, left = _moments(parts, one.ended_at, hours, length, target.warned_after(length), now)
    is_paused = bool(parts) and bool(parts[-1][2])
    state, missed = _state(one.ended_at, due, now, is_paused=is_paused)
    until = now if one.ended_at is None else one.ended_at
    warned = warn is not None and (warn < until or (warn == until and one.ended_at is None))
    return Reckoning(
        round=one,
        terms=judge.terms,
        target=target,
        length=length,
        state=state,
        due_at=None if state == PAUSED else due,
        left=left if state == PAUSED else None,
        warn_at=warn,
        warned_at=warn if warned else None,
        missed_at=due if missed else None,
        wake_at=None if state != RUNNING else due if warn is None or warned else warn,
        pieces=tuple(pieces(parts, hours, now)) if told else (),
    )


def _moments(
    parts: Sequence[Stretch], ended: datetime | None, hours: Hours | None, length: int, warned_after: int | None,
    now: datetime,
) -> tuple[datetime | None, datetime | None, int]:  # fmt: skip
    """When it is due and when it is near, as far as that is known, and how many seconds are left.

    Where the round itself ended, both are told as they would have been.
    """
    due, warn, gone = None, None, 0
    for start, end, cause, _stay in parts:
        if cause:
            continue
        over = None if end == ended else end
        if warn is None and warned_after is not None:
            warn = reached(hours, start, over, max(warned_after - gone, 0))
        due = reached(hours, start, over, max(length - gone, 0))
        if due is not None:
            return due, warn, length - gone
        gone += between(hours, start, end or now)
    return due, warn, length - gone


def _state(
    ended: datetime | None, due: datetime | None, now: datetime, *, is_paused: bool
) -> tuple[str, bool]:
    if ended is not None:
        missed = due is not None and due < ended
        return (BREACHED if missed else MET), missed
    if due is None:
        return PAUSED, False
    if due <= now:
        return BREACHED, True
    return (PAUSED if is_paused else RUNNING), False
