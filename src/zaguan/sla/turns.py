"""Whose turn it is now, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zaguan.sla.ledger import Span
from zaguan.sla.sides import Side


@dataclass(frozen=True, slots=True)
class Turn:
    """The side whose clock runs; `since` goes back over changes of agent, team and status on the same side."""

    side: Side
    since: datetime


def turn_of(ledger: Sequence[Span]) -> Turn | None:
    """None once a ticket is closed or out of sight: nobody's clock runs."""
    if not ledger or ledger[-1].end is not None:
        return None
    side, since = ledger[-1].side, ledger[-1].start
    for span in reversed(ledger):
        if span.side != side:
            break
        since = span.start
    return Turn(side, since)
