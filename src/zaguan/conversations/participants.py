"""Who takes part in a ticket: requester, copies, and everybody who was sender or addressee in it (R02)."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.conversations.models import Message
from zaguan.lib.statements import Lookup
from zaguan.people.models import Identity
from zaguan.tickets.models import CarbonCopy, Ticket

# Of a very long ticket only the newest messages are asked for their addressees.
_NEWEST = 200


_asks = Lookup(
    lambda ticket, email: Identity.objects.filter(
        contact__tickets=ticket, kind="email", value=email
    ).values_list("pk"),
    *(int, str),
)
_copied = Lookup(lambda ticket: CarbonCopy.objects.filter(ticket_id=ticket).values_list("email"), int)
_spoken = Lookup(
    lambda ticket: (
        Message.objects.without_side()
        .filter(ticket_id=ticket, withdrawn_at=None)
        .order_by("-id")
        .values_list("sender_address", "to", "cc")[:_NEWEST]
    ),
    int,
)


def takes_part(ticket: Ticket, email: str) -> bool:
    """Whether `email` belongs to the ticket; the organisation alone does not make a participant."""
    if not email:
        return False
    if _asks(ticket.pk, email):
        return True
    if any(copied.lower() == email for (copied,) in _copied(ticket.pk)):
        return True
    return any(_named(email, sender, (*to, *cc)) for sender, to, cc in _spoken(ticket.pk))


def _named(email: str, sender: str, others: Iterable[list[str]]) -> bool:
    return sender.lower() == email or any(other and other[0].lower() == email for other in others)
