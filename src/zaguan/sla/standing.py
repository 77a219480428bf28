"""How a ticket stands with everybody's time: what the desk, the API and the printed sheet show of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from zaguan.sla.business_time import Hours, open_spans
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.intervals import Sums, lengths, spans, sums
from zaguan.sla.ledger import Span
from zaguan.sla.sides import Side
from zaguan.sla.turns import Turn, turn_of
from zaguan.tickets.models import Ticket

# A page that stays open for longer is drawn again long before.
AHEAD = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The ledger of one ticket at a moment, in the opening hours of its team."""

    spans: list[Span]
    sums: Sums
    turn: Turn | None
    hours: Hours
    now: datetime

    def lengths(self, span: Span) -> tuple[int, int]:
        """Seconds of one span, elapsed and within opening hours."""
        return lengths(span, self.hours, self.now)

    def by(self, key: Callable[[Span], int | None]) -> dict[int | None, Sums]:
        """The sums by agent or team, the one with most time first."""
        groups: dict[int | None, list[Span]] = {}
        for span in self.spans:
            groups.setdefault(key(span), []).append(span)
        found = {who: sums(of, self.hours, self.now) for who, of in groups.items()}
        return dict(sorted(found.items(), key=lambda each: -sum(each[1].elapsed.values())))

    def opening_seconds(self) -> list[tuple[int, int]]:
        """The open stretches that are ahead, in seconds from now: with them a browser counts business time on."""
        coming = open_spans(self.hours, self.now, self.now + AHEAD)
        return [(self._from_now(opens), self._from_now(closes)) for opens, closes in coming]

    def _from_now(self, at: datetime) -> int:
        return int((at - self.now).total_seconds())

    @property
    def shown_sides(self) -> Sequence[Side]:
        """The sides that had some time, and the one whose turn it is."""
        running = self.turn.side if self.turn else None
        return [side for side in Side if self.sums.elapsed[side] or side == running]


def clocks_of(ticket: Ticket, now: datetime | None = None) -> Clocks:
    """The clocks of a ticket that was found through the reader's gate; one question."""
    at = (now or timezone.now()).replace(microsecond=0)
    ledger, hours = spans(ticket.pk), hours_of(calendar_of_team(ticket.team_id))
    return Clocks(ledger, sums(ledger, hours, at), turn_of(ledger), hours, at)
