"""The clocks of tickets as rows: whatever happens to a ticket, what `computing` gives is stored, and nothing else.

A ticket keeps its policy, in the version by which its clocks began, until a change of the ticket leads to another policy, or a
rerun (`rerunning`) brings it up to date. A round that has ended keeps its row as long as it ended at the same moment.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from zaguan.lib.new_rows import new
from zaguan.lib.prepared import PreparedRows
from zaguan.lib.statements import insert, update
from zaguan.sla import choosing, heading
from zaguan.sla.computing import Judge, Reckoning, compute
from zaguan.sla.facts import Facts
from zaguan.sla.gathering import gather, stays_of
from zaguan.sla.judging import Work, hours_for, present_version
from zaguan.sla.ledger import Span
from zaguan.sla.models import Clock, PolicyVersion
from zaguan.sla.telling import tell_missed, tell_near
from zaguan.tickets.models import HIDDEN_RANK

NEAR, MISSED = 1, 2
_clocks = PreparedRows(lambda number: Clock.objects.filter(ticket_id=number).order_by("started_at", "id"))
_STORED = (
    *("round", "policy_id", "version_id", "seconds", "state", "due_at", "left"),
    *("warn_at", "warned_at", "missed_at", "met_at", "wake_at"),
)
_WRITTEN = tuple("policy" if n == "policy_id" else "version" if n == "version_id" else n for n in _STORED)


def begin(number: int, span: Span) -> None:
    """The clocks of a ticket that was opened just now: one question, a row for each target, and the ticket's columns."""
    chosen = choosing.choose([number]).get(number)
    version = choosing.versions.get(chosen.version_id) if chosen else None
    if chosen is None or version is None:
        return
    start = chosen.opened_at
    facts = Facts(start, (), (), stays_of([span]))
    judge = Judge(version.terms, hours_for(version, chosen.team_id), chosen.urgency_id)
    rows = []
    for reckoned in compute(facts, judge, timezone.now()):
        row = new(Clock, ticket_id=number, kind=reckoned.round.kind, started_at=start)
        rows.append(insert(_filled(row, reckoned)))
    heading.write(number, heading.NOTHING, heading.header_of(rows))


def refresh(number: int, *, rechoose: bool = False) -> None:
    """Let the rows say what is true after something happened. `rechoose`: it may have another policy now.

    Call it in the transaction of what happened, with the ticket locked.
    """
    rows: list[Clock] = _clocks(number)
    version = present_version(rows)
    if rechoose or not rows:
        version = _chosen(number, version)
        if version is None and not rows:
            return
    known = gather([number]).get(number)
    if known is not None:
        settle(Work(known, rows, version), timezone.now())


def _chosen(number: int, present: PolicyVersion | None) -> PolicyVersion | None:
    """The policy's newest version; the same policy stays in the version by which the clocks began."""
    chosen = choosing.choose([number]).get(number)
    found = choosing.versions.get(chosen.version_id) if chosen else None
    return present if found and present and found.policy_id == present.policy_id else found


def settle(work: Work, now: datetime) -> list[Clock]:
    """Write what differs, tell what is near or missed for the first time, and show it on the ticket."""
    number, kept = work.known.number, []
    rows = {(row.kind, row.started_at): row for row in work.rows}
    for reckoned in work.reckonings(now):
        row = rows.pop(reckoned.key, None)
        if row is None:
            row = new(Clock, ticket_id=number, kind=reckoned.round.kind, started_at=reckoned.round.started_at)
            insert(_filled(row, reckoned))
            _tell(row, is_news=reckoned.is_open)
        elif not is_settled(row, reckoned):
            was_open = row.is_open
            if differs(row, reckoned):
                update(_filled(row, reckoned), *_WRITTEN)
            _tell(row, is_news=was_open)
        kept.append(row)
    if rows:
        Clock.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    hidden = work.known.rank >= HIDDEN_RANK
    before = (work.known.due_at, work.known.due_kind, work.known.sla_state)
    heading.write(number, before, heading.NOTHING if hidden else heading.header_of(kept))
    return kept


def is_settled(row: Clock, reckoned: Reckoning) -> bool:
    """It ended, and that has not changed: its row stays, whatever calendars say since."""
    one = reckoned.round
    return row.met_at is not None and (row.met_at, row.round) == (one.ended_at, one.number)


def differs(row: Clock, reckoned: Reckoning) -> bool:
    """Whether a row says something else."""
    return any(getattr(row, name) != value for name, value in _values(reckoned).items())


def _values(reckoned: Reckoning) -> dict[str, object]:
    one = reckoned.round
    values = (
        *(one.number, reckoned.terms.policy_id, reckoned.terms.version_id, reckoned.length, reckoned.state),
        *(reckoned.due_at, reckoned.left, reckoned.warn_at, reckoned.warned_at, reckoned.missed_at),
        *(one.ended_at, reckoned.wake_at),
    )
    return dict(zip(_STORED, values, strict=True))


def _filled(row: Clock, reckoned: Reckoning) -> Clock:
    for name, value in _values(reckoned).items():
        setattr(row, name, value)
    return row


def _tell(row: Clock, *, is_news: bool) -> None:
    """Record what nobody was told yet; what ended long ago is no news."""
    if not is_news:
        return
    if row.missed_at is not None and not row.told & MISSED:
        row.told |= MISSED | NEAR
        update(row, "told")
        tell_missed(row)
    elif row.warned_at is not None and row.is_near and not row.told & NEAR:
        row.told |= NEAR
        update(row, "told")
        tell_near(row)
