"""Up to when an agent has read a ticket."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from zaguan.conversations.models import Mention, Seen
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


def mark_seen(agent: Agent, ticket: Ticket | int, *, at: datetime | None = None) -> None:
    """Remember that `agent` has the ticket open now; their mentions in it are read. Never moves backwards."""
    number = ticket if isinstance(ticket, int) else ticket.pk
    moment = at or timezone.now()
    Seen.objects.bulk_create(
        [Seen(agent=agent, ticket_id=number, at=moment)],
        update_conflicts=True,
        unique_fields=["agent", "ticket"],
        update_fields=["at"],
    )
    Mention.objects.filter(agent=agent, ticket_id=number, read_at=None).update(read_at=moment)


def mark_unseen(agent: Agent, ticket: Ticket | int) -> None:
    """Make a ticket unread again for `agent`."""
    number = ticket if isinstance(ticket, int) else ticket.pk
    Seen.objects.filter(agent=agent, ticket_id=number).delete()
