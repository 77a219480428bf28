"""Reading hits newest first, only as many as a page needs, and judging each ticket by what the viewer may see."""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.search.clauses import Clause
from zaguan.search.engine import engine
from zaguan.search.models import Document
from zaguan.tickets.filtering import Query
from zaguan.tickets.models import Ticket
from zaguan.tickets.seeing import seen_by, sees_all, visible_among, visible_numbers

# First look, growing by threes to the largest; and where a page ends unfinished rather than late.
SMALLEST, LARGEST = 100, 4_000
MOST_LOOKED_AT, LONGEST_LOOK = 60_000, 0.4
# So few tickets that it is quicker to ask each of their documents.
FEW, FEW_OF_FILTER = 400, 3_000
# So many are kept in mind while the documents go by.
MOST_HELD = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket, and the newest of its documents that match."""

    ticket: int
    document: int
    message: int | None


class Stream:
    """One page of tickets with these words. After `read`: `next_cursor`, and `partial` when time ran out."""

    def __init__(self, viewer: Agent, asked: Query, clauses: list[Clause], cursor: str) -> None:
        self._viewer, self._asked = viewer, asked
        self._wanted = engine().expression(clauses)
        self._before = self._start = _read(cursor)
        # All tickets that a narrow filter leaves, when they are not too many to be held.
        self._held: set[int] | None = None
        self.next_cursor = ""
        self.partial = False

    def read(self, size: int) -> list[Found]:
        """The next `size` tickets, each with its newest document that matches."""
        few = self._few()
        found = self._among(few, size) if few is not None else self._walk(size)
        if len(found) > size:
            found = found[:size]
            self.next_cursor = _write(found[-1].document)
            self.partial = False
        elif self.partial and self._before is not None:
            self.next_cursor = _write(self._before)
        return found

    def _few(self) -> list[int] | None:
        """The tickets that can come into question, when those are few and found by themselves."""
        if self._asked.narrow:
            tickets = seen_by(self._viewer, Ticket.objects.filter(self._asked.q))
            numbers = list(tickets.order_by().values_list("pk", flat=True)[: MOST_HELD + 1])
            self._held = set(numbers) if len(numbers) <= MOST_HELD else None
            return numbers if len(numbers) <= FEW_OF_FILTER else None
        if sees_all(self._viewer) or self._asked.terms:
            return None
        numbers = visible_numbers(self._viewer, FEW + 1)
        return numbers if len(numbers) <= FEW else None

    def _among(self, numbers: list[int], size: int) -> list[Found]:
        rows = Document.objects.filter(ticket_id__in=numbers).order_by("-pk")
        documents = list(rows.values_list("pk", "ticket_id", "message_id"))
        newest: dict[int, Found] = {}
        found: list[Found] = []
        # Newest first, and no further than the page needs: a common word costs most where it is looked up.
        for start in range(0, len(documents), SMALLEST):
            some = documents[start : start + SMALLEST]
            matching = engine().hits_among(self._wanted, [document for document, *_others in some])
            for document, ticket, message in some:
                if document in matching:
                    newest.setdefault(ticket, Found(ticket, document, message))
            found = [one for one in newest.values() if self._start is None or one.document < self._start]
            if len(found) > size:
                break
        return found

    def _walk(self, size: int) -> list[Found]:
        found: list[Found] = []
        judged: set[int] = set()
        batch, looked_at, until = max(SMALLEST, 2 * size), 0, time.monotonic() + LONGEST_LOOK
        while len(found) <= size:
            rows, reached = engine().hits(self._wanted, before=self._before, limit=batch)
            newest: dict[int, Found] = {}
            for document, ticket, message in rows:
                if ticket not in judged:
                    newest.setdefault(ticket, Found(ticket, document, message))
            judged.update(newest)
            allowed = self._not_shown_before(self._allowed(list(newest)))
            found += [one for one in newest.values() if one.ticket in allowed]
            if reached is None:
                return found
            self._before = reached
            looked_at += len(rows)
            if looked_at >= MOST_LOOKED_AT or time.monotonic() > until:
                self.partial = True
                return found
            batch = min(batch * 3, LARGEST)
        return found

    def _allowed(self, numbers: list[int]) -> set[int]:
        if not numbers:
            return set()
        if not self._asked.terms:
            return visible_among(self._viewer, numbers)
        if self._held is not None:
            return self._held.intersection(numbers)
        tickets = seen_by(self._viewer, Ticket.objects.filter(self._asked.q, pk__in=numbers))
        return set(tickets.order_by().values_list("pk", flat=True))

    def _not_shown_before(self, numbers: set[int]) -> set[int]:
        """Without the tickets that an earlier page showed for a newer document."""
        if self._start is None or not numbers:
            return numbers
        newer = Document.objects.filter(ticket_id__in=numbers, pk__gte=self._start)
        owners = dict(newer.values_list("pk", "ticket_id"))
        return numbers - {owners[document] for document in engine().hits_among(self._wanted, owners)}


def _write(document: int) -> str:
    return base64.urlsafe_b64encode(f"d{document}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        return int(text.removeprefix("d"))
    except (ValueError, binascii.Error) as error:
        raise Refused(
            _("This page of the list is no longer there. Start again from the top."), field="cursor"
        ) from error
