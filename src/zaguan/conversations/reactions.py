"""What follows in conversations from what happens to tickets."""

from __future__ import annotations

from zaguan.conversations.cross_posting import tell_status
from zaguan.conversations.family_notes import a_child_is_done
from zaguan.events.base import SYSTEM, on
from zaguan.tickets.categories import Category
from zaguan.tickets.events import StatusChanged
from zaguan.tickets.models import DONE_RANK, RANKS, Phase


@on(StatusChanged, same_transaction=True)
def tell_linked_conversations(event: StatusChanged) -> None:
    """A tracker's new status is told in every conversation that waits for it (A13.14); so is one of the back office."""
    if event.category in (Category.TRACKER, Category.BACK_OFFICE) and event.ticket_id is not None:
        tell_status(event.ticket_id, event.statuses, by=SYSTEM)


@on(StatusChanged, same_transaction=True)
def look_at_parent(event: StatusChanged) -> None:
    """The last child may be done."""
    before, after = (RANKS[Phase(phase)] for phase in event.phases)
    if before < DONE_RANK <= after and event.ticket_id is not None:
        a_child_is_done(event.ticket_id)
