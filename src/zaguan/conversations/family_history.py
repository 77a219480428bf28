"""What was exchanged in a ticket and its family, and how each of them was solved: one list, newest first (A11.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.dateparse import parse_datetime

from zaguan.conversations.models import SIDE, Message
from zaguan.events.models import EventRecord
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.events import StatusChanged
from zaguan.tickets.family import Family
from zaguan.tickets.models import Phase, Ticket

SIZE, LARGEST, WORDS = 40, 200, 240
SHOWS = ("", "in", "out", "solved")
_SOLVED = (Phase.RESOLVED, Phase.CLOSED)
_WAYS = {"in": Q(direction="in"), "out": Q(direction="out")}


@dataclass(frozen=True, slots=True)
class Solution:
    """How a ticket was solved: its status and the reason given, by whom, and the last words to the customer."""

    ticket: Ticket
    at: datetime
    by: Any
    reason: str
    answer: str
    answer_id: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a message, or a solution. They sort by `place`, a solution after what was said at the same moment."""

    at: datetime
    id: int
    ticket: Ticket
    message: Message | None = None
    solution: Solution | None = None

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.at, int(self.solution is not None), self.id

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        at, kind, id_ = self.place
        return f"{at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}~{kind}~{id_}"


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    # "" on the last page.
    next_cursor: str


def history_of(
    family: Family,
    viewer: Agent,
    *,
    show: str = "",
    ticket: int | None = None,
    cursor: str = "",
    size: int = SIZE,
) -> Page:
    """A page of it; `show` is one of SHOWS, `ticket` leaves the others out. What the viewer may not see never counts."""
    numbers = [n for n in family.numbers if ticket is None or n == ticket]
    rows = Ticket.objects.visible_to(viewer).filter(pk__in=numbers).select_related("status", "type")
    tickets = {row.pk: row for row in rows}
    before, wanted = _before(cursor), max(1, min(size, LARGEST))
    found = _solutions(tickets, before) if show in ("", "solved") else []
    if show != "solved":
        found += _messages(tickets, viewer, show, before, wanted + 1)
    found.sort(key=lambda entry: entry.place, reverse=True)
    page = found[:wanted]
    return Page(page, page[-1].cursor if len(found) > wanted else "")


def _before(cursor: str) -> tuple[datetime, int, int] | None:
    """The place behind a cursor; None for one that is not ours, which begins anew."""
    parts = cursor.split("~")
    try:
        at = parse_datetime(parts[0])
        return (at, int(parts[1]), int(parts[2])) if at is not None and at.tzinfo else None
    except (IndexError, ValueError):
        return None


def _messages(
    tickets: dict[int, Ticket], viewer: Agent, show: str, before: tuple[datetime, int, int] | None, most: int
) -> list[Entry]:
    """What was exchanged with customers: mails, posts, chats and calls; notes stay where they are."""
    rows = Message.objects.visible_to(viewer).without_side().filter(ticket__in=list(tickets))
    rows = rows.exclude(direction="note", channel="note").filter(_WAYS.get(show, Q()))
    if before is not None:
        at, kind, id_ = before
        same = Q(created_at=at, pk__lt=id_) if kind == 0 else Q(created_at=at)
        rows = rows.filter(Q(created_at__lt=at) | same)
    found = rows.defer("html").order_by("-created_at", "-id")[:most]
    return [Entry(row.created_at, row.pk, tickets[row.ticket_id], message=row) for row in found]


def _solutions(tickets: dict[int, Ticket], before: tuple[datetime, int, int] | None) -> list[Entry]:
    """At most one for each ticket that is solved now; a family has few enough to make them all."""
    solved = {
        pk: moment
        for pk, ticket in tickets.items()
        if ticket.phase in _SOLVED and (moment := ticket.resolved_at or ticket.closed_at)
    }
    places = {pk: (at, 1, pk) for pk, at in solved.items() if before is None or (at, 1, pk) < before}
    told, answers = _told(list(places)), _answers(list(places))
    entries = []
    for pk, (at, _kind, _id) in places.items():
        event, answer = told.get(pk), answers.get(pk)
        solution = Solution(
            ticket=tickets[pk],
            at=at,
            by=event.actor if event else None,
            reason=tickets[pk].status_reason or (event.data.get("reason") or "" if event else ""),
            answer=excerpt(answer.reply_text or answer.text, WORDS) if answer else "",
            answer_id=answer.pk if answer else None,
        )
        entries.append(Entry(at, pk, tickets[pk], solution=solution))
    return entries


def _told(numbers: list[int]) -> dict[int, EventRecord]:
    """The change of status that solved each: the last one into a solved phase from one that was not."""
    rows = EventRecord.objects.filter(ticket_id__in=numbers, kind=StatusChanged.kind).order_by("pk")
    found: dict[int, EventRecord] = {}
    for row in rows:
        phases = row.data.get("phases") or ["", ""]
        if phases[-1] in _SOLVED and phases[0] not in _SOLVED and row.ticket_id is not None:
            found[row.ticket_id] = row
    return found


def _answers(numbers: list[int]) -> dict[int, Message]:
    """The last words of ours to the customer of each, which stand for the solution when no reason was given."""
    answered = Message.objects.filter(ticket=OuterRef("pk"), direction="out", withdrawn_at=None)
    last = answered.exclude(visibility="internal").exclude(channel=SIDE).order_by("-id").values("pk")[:1]
    ids = Ticket.objects.filter(pk__in=numbers).annotate(last=Subquery(last)).values_list("last", flat=True)
    rows = Message.objects.filter(pk__in=[n for n in ids if n]).only("ticket_id", "reply_text", "text")
    return {row.ticket_id: row for row in rows}
