"""The clocks of tickets as rows: whatever happens to a ticket, what `computing` gives is stored, and nothing else.

A ticket keeps its policy, in the version by which its clocks began, until a change of the ticket leads to another policy, or a
rerun (`rerunning`) brings it up to date. A round that has ended keeps its row as long as it ended at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from zaguan.lib.many import PreparedMany
from zaguan.lib.new_rows import new
from zaguan.lib.prepared import PreparedRows
from zaguan.lib.statements import insert, update
from zaguan.sla import choosing
from zaguan.sla.business_time import Hours
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.computing import BREACHED, MET, PAUSED, RUNNING, Ended, Judge, Reckoning, compute
from zaguan.sla.facts import Facts
from zaguan.sla.gathering import Known, gather, stays_of
from zaguan.sla.ledger import Span
from zaguan.sla.models import Clock, PolicyVersion
from zaguan.sla.telling import tell_missed, tell_near
from zaguan.tickets.models import HIDDEN_RANK, SlaState, Ticket

NEAR, MISSED = 1, 2
_clocks = PreparedRows(lambda number: Clock.objects.filter(ticket_id=number).order_by("started_at", "id"))
FIELDS: tuple[str, ...] = tuple(field.attname for field in Clock._meta.concrete_fields)
_many = PreparedMany(lambda numbers: Clock.objects.filter(ticket_id__in=numbers).values_list(*FIELDS))
_STORED = (
    *("round", "policy_id", "version_id", "seconds", "state", "due_at", "left"),
    *("warn_at", "warned_at", "missed_at", "met_at", "wake_at"),
)
_WRITTEN = tuple("policy" if n == "policy_id" else "version" if n == "version_id" else n for n in _STORED)
Header = tuple[datetime | None, str | None, str | None]
_NOTHING: Header = (None, None, None)


@dataclass(slots=True)
class Work:
    """One ticket with all that its clocks are made from."""

    known: Known
    rows: list[Clock]
    version: PolicyVersion | None

    def reckonings(self, now: datetime, *, told: bool = False) -> list[Reckoning]:
        """Every clock, as it should be."""
        judge = self.judge(self.version) if self.version else None
        return compute(self.known.facts, judge, now, earlier=self.earlier(), told=told)

    def earlier(self) -> dict[Ended, Judge]:
        """By what the rounds that ended were judged."""
        rows = choosing.versions.all()
        found = {}
        for row in self.rows:
            version = rows.get(row.version_id)
            if version is not None and row.met_at is not None:
                found[row.kind, row.started_at, row.met_at] = self.judge(version, row.seconds)
        return found

    def judge(self, version: PolicyVersion, seconds: int | None = None) -> Judge:
        """The version's terms, in its calendar or that of the ticket's team."""
        hours = hours_for(version, self.known.team_id)
        return Judge(version.terms, hours, self.known.urgency_id, seconds)


def hours_for(version: PolicyVersion, team_id: int | None) -> Hours:
    """The opening hours that a version counts in."""
    return hours_of(version.calendar_id or calendar_of_team(team_id))


def present_version(rows: Sequence[Clock]) -> PolicyVersion | None:
    """The version that the ticket's clocks go by: that of what runs, else of what started last."""
    if not rows:
        return None
    last = max(rows, key=lambda row: (row.is_open, row.started_at, row.pk))
    return choosing.versions.get(last.version_id)


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
    _show(number, _NOTHING, header_of(rows))


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
    _show(number, before, _NOTHING if hidden else header_of(kept))
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


def header_of(rows: Iterable[Clock]) -> Header:
    """What the ticket's own columns say: the nearest deadline that is still open, of which target, and the worst state."""
    every = list(rows)
    if not every:
        return None, None, None
    open_ = [row for row in every if row.is_open]
    due = min(((row.due_at, row.kind) for row in open_ if row.due_at is not None), default=(None, None))
    states = {row.state for row in open_}
    if not open_:
        state = SlaState.BREACHED if any(row.state == BREACHED for row in every) else SlaState.MET
    elif BREACHED in states:
        state = SlaState.BREACHED
    elif any(row.is_near for row in open_):
        state = SlaState.AT_RISK
    else:
        state = SlaState.ON_TRACK if RUNNING in states else SlaState.PAUSED
    return due[0], due[1], state.value


def _show(number: int, before: Header | None, after: Header) -> None:
    if before != after:
        due_at, due_kind, sla_state = after
        row = new(Ticket, due_at=due_at, due_kind=due_kind, sla_state=sla_state)
        row.pk = number
        update(row, "due_at", "due_kind", "sla_state")


def show(number: int, rows: Iterable[Clock]) -> None:
    """Let the ticket's columns say what its rows say."""
    _show(number, None, header_of(rows))


def read_many(numbers: Sequence[int]) -> dict[int, list[Clock]]:
    """The rows of many tickets, in the order of their start."""
    found: dict[int, list[Clock]] = {number: [] for number in numbers}
    for values in _many(numbers):
        row = new(Clock)
        row.__dict__.update(zip(FIELDS, values, strict=True))
        row._state.adding = False
        found[row.ticket_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.started_at, row.pk))
    return found


__all__ = [
    "BREACHED",
    "MET",
    "PAUSED",
    "RUNNING",
    "Work",
    "begin",
    "differs",
    "header_of",
    "hours_for",
    "is_settled",
    "present_version",
    "read_many",
    "refresh",
    "settle",
    "show",
]
