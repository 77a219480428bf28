"""Why is it due at 15:42? The policy and why it was chosen, each target, each counted stretch, each pause with its cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.sla import choosing
from zaguan.sla.business_time import ALWAYS, Hours, open_spans
from zaguan.sla.calendars import calendar_of_team, calendars, default_calendar
from zaguan.sla.computing import Reckoning
from zaguan.sla.counting import Piece
from zaguan.sla.gathering import Known, gather
from zaguan.sla.judging import Work, hours_for, present_version
from zaguan.sla.models import Calendar, Clock, PolicyVersion, TargetKind
from zaguan.sla.rows import Row, read_many, read_one
from zaguan.sla.words import cause_label
from zaguan.tickets import reference
from zaguan.tickets.filter_language import Term, read
from zaguan.tickets.models import Link, Ticket

# More open stretches of one counted part than anybody reads.
MOST_OPENINGS = 100


@dataclass(frozen=True)
class Stretch:
    """A part of a clock's life: counted with its seconds, or a pause (`cause` and its words). `end` is None while it lasts.

    `openings` are the opening hours within it, in UTC, where only those count.
    """

    start: datetime
    end: datetime | None
    seconds: int
    cause: str
    label: str
    status: str
    openings: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def is_pause(self) -> bool:
        return bool(self.cause)


@dataclass(frozen=True)
class ClockAccount:
    """One clock as it stands, and everything that it was counted from. `used` of `length` seconds have gone."""

    kind: str
    label: str
    round: int
    state: str
    is_near: bool
    is_open: bool
    started_at: datetime
    due_at: datetime | None
    left: int | None
    length: int
    used: int
    warn_at: datetime | None
    missed_at: datetime | None
    met_at: datetime | None
    # "answer", "done" or "".
    ended_by: str
    in_business_time: bool
    calendar: Calendar | None
    pauses: tuple[str, ...]
    version: PolicyVersion
    # Opening hours changed since it ended; the result stays as it was judged then.
    is_recounted: bool
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Account:
    """Everything about the promises of one ticket. `terms` are the parts of the policy's filter, each of which holds."""

    version: PolicyVersion | None
    is_newest: bool
    # The policy that would be chosen now, where that is another one.
    would_be: PolicyVersion | None
    terms: tuple[Term, ...]
    urgency: str
    clocks: tuple[ClockAccount, ...] = ()

    @property
    def open(self) -> tuple[ClockAccount, ...]:
        """Those that still run or rest."""
        return tuple(clock for clock in self.clocks if clock.is_open)


@dataclass(frozen=True)
class Beside:
    """A ticket that waits for this one, or on which this one waits, with its clocks that are open or were missed."""

    ticket: Ticket
    # "back_office": the other is the back-office ticket; "conversation": the other waits for this one.
    relation: str
    clocks: list[Row] = field(default_factory=list)


def clocks_of(number: int) -> list[Row]:
    """The stored clocks of a ticket, in the order of their start: one question."""
    return read_one(number)


def account_of(number: int, now: datetime | None = None) -> Account | None:
    """The whole account of a ticket; None when there is no such ticket."""
    moment = now or timezone.now()
    known, rows = gather([number]).get(number), read_one(number)
    if known is None:
        return None
    chosen = choosing.choose([number]).get(number)
    could = choosing.versions.get(chosen.version_id) if chosen else None
    version = present_version(rows) or could
    work = Work(known, rows, version)
    stored = {(row.kind, row.started_at): row for row in rows}
    told = [_told(each, stored.get(each.key), known, moment) for each in work.reckonings(moment, told=True)]
    urgency = reference.urgencies.get(known.urgency_id)
    return Account(
        version=version,
        is_newest=version is not None and version.is_newest,
        would_be=could if version and could and could.policy_id != version.policy_id else None,
        terms=tuple(part for part in read(version.query) if isinstance(part, Term)) if version else (),
        urgency=urgency.label if urgency else "",
        clocks=tuple(sorted(told, key=lambda clock: (not clock.is_open, clock.started_at, clock.kind))),
    )


def _told(reckoned: Reckoning, row: Row | None, known: Known, now: datetime) -> ClockAccount:
    version = choosing.versions.get(reckoned.terms.version_id)
    assert version is not None, "a version in use cannot be deleted"
    target, one = reckoned.target, reckoned.round
    hours = hours_for(version, known.team_id) if target.in_business_time else ALWAYS
    ended = row is not None and row.met_at is not None
    return ClockAccount(
        kind=one.kind,
        label=str(TargetKind(one.kind).label),
        round=one.number,
        # What was judged when it ended stays; what runs is as of this moment.
        state=row.state if row and ended else reckoned.state,
        is_near=reckoned.is_open and reckoned.state == Clock.State.RUNNING and reckoned.warned_at is not None,
        is_open=reckoned.is_open,
        started_at=one.started_at,
        due_at=row.due_at if row and ended else reckoned.due_at,
        left=reckoned.left if reckoned.is_open else None,
        length=reckoned.length,
        used=sum(piece.seconds for piece in reckoned.pieces),
        warn_at=reckoned.warn_at,
        missed_at=row.missed_at if row and ended else reckoned.missed_at,
        met_at=one.ended_at,
        ended_by=one.ended_by,
        in_business_time=target.in_business_time,
        calendar=calendar_for(version, known.team_id) if target.in_business_time else None,
        pauses=target.pauses,
        version=version,
        is_recounted=bool(row and ended and row.due_at != reckoned.due_at),
        stretches=tuple(_stretch(piece, hours, now) for piece in reckoned.pieces),
    )


def calendar_for(version: PolicyVersion, team_id: int | None) -> Calendar | None:
    """The calendar that a version counts in; None where the desk has none, and is always open."""
    return calendars.get(version.calendar_id or calendar_of_team(team_id)) or default_calendar()


def _stretch(piece: Piece, hours: Hours, now: datetime) -> Stretch:
    status = reference.statuses.get(piece.status_id)
    openings: list[tuple[datetime, datetime]] = []
    if not piece.cause and hours is not ALWAYS:
        for span in open_spans(hours, piece.start, max(piece.end or now, piece.start)):
            openings.append(span)
            if len(openings) == MOST_OPENINGS:
                break
    return Stretch(
        piece.start, piece.end, piece.seconds, piece.cause, cause_label(piece.cause),
        status.label if status else "", tuple(openings),
    )  # fmt: skip


def beside(viewer: Agent, ticket: Ticket) -> list[Beside]:
    """The back-office tickets of a conversation, or the conversation of a back-office ticket, each with its clocks."""
    links = Link.objects.filter(kind=Link.Kind.BACK_OFFICE)
    below = set(links.filter(source=ticket).values_list("target_id", flat=True))
    above = set(links.filter(target=ticket).values_list("source_id", flat=True))
    seen = Ticket.objects.visible_to(viewer).filter(pk__in=below | above).select_related("team", "assignee")
    others = list(seen.order_by("pk"))
    rows = read_many([other.pk for other in others]) if others else {}
    return [
        Beside(
            other,
            "back_office" if other.pk in below else "conversation",
            [row for row in rows[other.pk] if row.is_open or row.state == Clock.State.BREACHED],
        )
        for other in others
    ]
