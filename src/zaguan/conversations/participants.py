"""Who takes part in a ticket: requester, copies, and everybody who was sender or addressee in it (R02)."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.conversations.models import Message
from zaguan.people.models import Identity
from zaguan.tickets.models import CarbonCopy, Ticket

# Of a very long ticket only the newest messages are asked for their addressees.
_NEWEST = 200


def takes_part(ticket: Ticket, email: str) -> bool:
    """Whether `email` belongs to the ticket; the organisation alone does not make a participant."""
    if not email:
        return False
    if Identity.objects.filter(contact__tickets=ticket, kind="email", value=email).exists():
        return True
    if CarbonCopy.objects.filter(ticket=ticket, email__iexact=email).exists():
        return True
    messages = Message.objects.filter(ticket=ticket, withdrawn_at=None).order_by("-id")
    rows = messages.values_list("sender_address", "to", "cc")[:_NEWEST]
    return any(_named(email, sender, (*to, *cc)) for sender, to, cc in rows)


def _named(email: str, sender: str, others: Iterable[list[str]]) -> bool:
    return sender.lower() == email or any(other and other[0].lower() == email for other in others)
