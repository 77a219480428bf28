"""Tickets with a tag: a rare tag leads to its tickets, a common one is looked for on the tickets of the list."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from zaguan.lib.prepared import Prepared
from zaguan.tickets.models import Ticket

# A tag that more tickets have is common. How long that is remembered, in seconds.
FEW, LIFETIME = 2000, 30.0
_known: dict[int, tuple[float, bool]] = {}
_some = Prepared(lambda tag: Ticket.tags.through.objects.filter(tag_id=tag).values_list("tag_id")[: FEW + 1])


def is_rare(tag_id: int) -> bool:
    """Whether few tickets have the tag."""
    until, rare = _known.get(tag_id, (0.0, True))
    if time.monotonic() > until:
        rare = len(_some(tag_id)) <= FEW
        _known[tag_id] = (time.monotonic() + LIFETIME, rare)
    return rare


def wearing(tag_ids: Sequence[int]) -> Q:
    """The condition that a ticket has any of these tags."""
    through = Ticket.tags.through.objects
    if all(map(is_rare, tag_ids)):
        return Q(pk__in=through.filter(tag_id__in=tag_ids).values("ticket_id"))
    return Q(Exists(through.filter(ticket_id=OuterRef("pk"), tag_id__in=tag_ids)))
