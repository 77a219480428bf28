"""From what happened, a policy's terms and opening hours to every clock of a ticket, with all that was counted. Pure.

The rows of `Clock` hold what this gives, and "SLA details" shows it. How a change of policy in the middle is judged: a round
that has ended keeps the terms by which it was judged; an open one, and one for which nothing was promised until now, goes by the
present terms, from its beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zaguan.sla.business_time import Hours
from zaguan.sla.counting import Count, Piece
from zaguan.sla.counting import pieces as pieces_of
from zaguan.sla.counting import stretches as parts_of
from zaguan.sla.facts import Facts, Round
from zaguan.sla.rounds import rounds
from zaguan.sla.terms import Target, Terms

RUNNING, PAUSED, MET, BREACHED = "running", "paused", "met", "breached"
Key = tuple[str, datetime]
# A round that ended: its kind, and from when to when it ran.
Ended = tuple[str, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Judge:
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


@dataclass(frozen=True, slots=True)
class Reckoning:
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
    kinds = {target.kind for target in judge.terms.targets} if judge else set()
    kinds |= {kind for kind, _start, _end in earlier or ()}
    found = []
    for one in rounds(facts, tuple(kinds)):
        before = (earlier or {}).get((one.kind, one.started_at, one.ended_at)) if one.ended_at else None
        chosen = before or judge
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
    count = Count(judge.hours if target.in_business_time else None)
    warned_after = target.warned_after(length)
    due, warn, left = None, None, length
    gone = 0
    stretches = list(parts_of(one, facts, target))
    for start, end, cause, _stay in stretches:
        if cause:
            continue
        if warn is None and warned_after is not None:
            warn = count.reached(start, end, warned_after - gone, one.ended_at)
        due = count.reached(start, end, length - gone, one.ended_at)
        if due is not None:
            break
        gone += count.between(start, end or now)
        left = length - gone
    is_paused = bool(stretches) and bool(stretches[-1][2])
    return _reckoning(one, facts, judge.terms, target, length, due, warn, left, is_paused, now, (
        tuple(pieces_of(stretches, count, now)) if told else ()
    ))  # fmt: skip


def _reckoning(
    one: Round, facts: Facts, terms: Terms, target: Target, length: int, due: datetime | None,
    warn: datetime | None, left: int, is_paused: bool, now: datetime, pieces: tuple[Piece, ...],
) -> Reckoning:  # fmt: skip
    end = one.ended_at
    missed = due is not None and (due < end if end is not None else due <= now)
    warned = warn is not None and (warn < end if end is not None else warn <= now)
    rests = not missed and (is_paused or due is None)
    if end is not None:
        state = BREACHED if missed else MET
    else:
        state = BREACHED if missed else PAUSED if rests else RUNNING
    return Reckoning(
        round=one,
        terms=terms,
        target=target,
        length=length,
        state=state,
        due_at=None if state == PAUSED else due,
        left=left if state == PAUSED else None,
        warn_at=warn,
        warned_at=warn if warned else None,
        missed_at=due if missed else None,
        wake_at=(warn if warn is not None and not warned else due) if state == RUNNING else None,
        pieces=pieces,
    )
