"""Tickets with a tag: a rare tag leads to its tickets, a common one is looked for on the tickets of the list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from zaguan.lib.prepared import Prepared
from zaguan.tickets.models import Ticket
from zaguan.tickets.rarity import Rarity

# A tag that more tickets have is common.
FEW = 2000
_some = Prepared(lambda tag: Ticket.tags.through.objects.filter(tag_id=tag).values_list("tag_id")[: FEW + 1])
# Whether few tickets have a tag, by its id.
is_rare: Rarity[int] = Rarity(lambda tag: len(_some(tag)), FEW)


def wearing(tag_ids: Sequence[int]) -> Q:
    """The condition that a ticket has any of these tags."""
    through = Ticket.tags.through.objects
    if all(map(is_rare, tag_ids)):
        return Q(pk__in=through.filter(tag_id__in=tag_ids).values("ticket_id"))
    return Q(Exists(through.filter(ticket_id=OuterRef("pk"), tag_id__in=tag_ids)))
