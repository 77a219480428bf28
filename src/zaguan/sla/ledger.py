"""The ledger of whose turn it was, as pure functions over what happened to a ticket. No database.

It counts in whole seconds: what happens within one second is one change, the last one stands. A ticket's **age** runs from
the second in which it was opened (by the date that it was given, which may lie before its first event) to the second in which
it was closed, merged away or deleted, else to now. The spans of its ledger begin with its age, touch each other without
gap or overlap and end with its age, so the sides add up to the age exactly, always. When a ticket comes back (reopened, a merge
undone, out of the trash), its age goes on, and the time for which it was gone was nobody's. So is what is put off or solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zaguan.sla.sides import Side, side_of
from zaguan.tickets.events import StatusChanged, TeamChanged, TicketAssigned, TicketOpened
from zaguan.tickets.models import Phase
from zaguan.tickets.moving_events import MergeUndone, TicketMergedAway, TicketRestored, TicketTrashed

# What a ledger is made from.
KINDS = tuple(
    event.kind
    for event in (
        *(TicketOpened, StatusChanged, TicketAssigned, TeamChanged),
        *(TicketMergedAway, MergeUndone, TicketTrashed, TicketRestored),
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a ticket's life; `end` is None while it lasts."""

    side: Side
    status_id: int | None
    assignee_id: int | None
    team_id: int | None
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands; `is_away` while it is merged into another one or lies in the trash."""

    status_id: int | None
    phase: str
    assignee_id: int | None
    team_id: int | None
    is_away: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_away or self.phase == Phase.CLOSED

    def span(self, start: datetime, end: datetime | None = None) -> Span:
        """A stretch of time in which it stands so; what is over is nobody's."""
        side = Side.NOBODY if self.is_over else side_of(self.phase)
        return Span(side, self.status_id, self.assignee_id, self.team_id, start, end)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event row, as far as the ledger needs it."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


def whole(at: datetime) -> datetime:
    """The second in which a moment lies."""
    return at.replace(microsecond=0)


def replay(
    created_at: datetime,
    now_standing: Standing,
    events: Sequence[Happening],
    closed_at: datetime | None = None,
) -> list[Span]:
    """The whole ledger of a ticket from its events, in the order of their ids.

    `now_standing` fills in what the events do not say: tickets that were written without any have only that, and `closed_at`.
    """
    standing = _beginning(now_standing, events)
    start = whole(created_at)
    over = start if events or closed_at is None else max(start, whole(closed_at))
    spans = [standing.span(start, over if standing.is_over else None)]
    for at, after in _standings(standing, events):
        # A clock that is set back stands still for the ledger.
        _turn(spans, standing, after, max(whole(at), spans[-1].end or spans[-1].start))
        standing = after
    return spans


def _beginning(now_standing: Standing, events: Sequence[Happening]) -> Standing:
    """How the ticket stood at first: as it was opened, else as its first changes say, else as it stands."""
    first: dict[str, Happening] = {}
    for event in events:
        first.setdefault(event.kind, event)
    opened = first.get(TicketOpened.kind)

    def told(name: str, kind: str, pair: str, otherwise: Any) -> Any:
        if opened is not None and name in opened.data:
            return opened.data[name]
        return first[kind].data[pair][0] if kind in first else otherwise

    status = told("status_id", StatusChanged.kind, "statuses", now_standing.status_id)
    changed = first.get(StatusChanged.kind)
    return Standing(
        status or (changed.data["statuses"][0] if changed else now_standing.status_id),
        (opened and opened.data.get("phase"))
        or (changed.data["phases"][0] if changed else now_standing.phase),
        told("assignee_id", TicketAssigned.kind, "assignees", now_standing.assignee_id),
        told("team_id", TeamChanged.kind, "teams", now_standing.team_id),
    )


def _standings(standing: Standing, events: Iterable[Happening]) -> Iterator[tuple[datetime, Standing]]:
    for event in events:
        after = after_event(standing, event)
        if after != standing:
            yield event.at, after
        standing = after


def after_event(standing: Standing, event: Happening) -> Standing:
    """How a ticket stands after something happened to it."""
    data = event.data
    if event.kind == StatusChanged.kind:
        return replace(standing, status_id=data["statuses"][1], phase=data["phases"][1])
    if event.kind == TicketAssigned.kind:
        return replace(standing, assignee_id=data["assignees"][1])
    if event.kind == TeamChanged.kind:
        return replace(standing, team_id=data["teams"][1])
    if event.kind in (TicketMergedAway.kind, TicketTrashed.kind):
        return replace(standing, is_away=True)
    if event.kind == TicketRestored.kind or (event.kind == MergeUndone.kind and not data.get("outwards")):
        return replace(standing, is_away=False)
    return standing


def _turn(spans: list[Span], before: Standing, after: Standing, at: datetime) -> None:
    """Let the ledger go on with another standing from a moment on."""
    if before.is_over:
        if after.is_over:
            return
        _bridge(spans, before, at)
    last, going_on = spans[-1], after.span(at)
    if after.is_over:
        _end(spans, at)
    elif last.start == at:
        spans[-1] = going_on
    elif last.end == at and replace(going_on, start=last.start) == replace(last, end=None):
        spans[-1] = replace(last, end=None)
    else:
        spans[-1:] = [replace(last, end=at), going_on]


def _end(spans: list[Span], at: datetime) -> None:
    if spans[-1].start == at and len(spans) > 1:
        spans.pop()
    else:
        spans[-1] = replace(spans[-1], end=at)


def _bridge(spans: list[Span], gone: Standing, at: datetime) -> None:
    """What lies between an end and a coming back is nobody's; within one second it has not been."""
    last = spans[-1]
    if last.end is None or last.end == at:
        return
    if last.start == last.end:
        spans.pop()
    spans.append(gone.span(last.end, at))
