"""Up to when an agent has read a ticket."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from zaguan.conversations.models import SIDE, Mention, Message, Seen
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


def mark_seen(
    agent: Agent, ticket: Ticket | int, *, at: datetime | None = None, last: int | None = None
) -> None:
    """Remember that `agent` has read the ticket, and their mentions in it. Never moves backwards.

    `last` is the newest message that was before their eyes: what came in after it stays unread.
    """
    number = ticket if isinstance(ticket, int) else ticket.pk
    now = timezone.now()
    moment = at or (now if last is None else _shown_until(number, last))
    if moment is not None and not Seen.objects.filter(agent=agent, ticket=number, at__gte=moment).exists():
        Seen.objects.bulk_create(
            [Seen(agent=agent, ticket_id=number, at=moment)],
            update_conflicts=True,
            unique_fields=["agent", "ticket"],
            update_fields=["at"],
        )
    named = Mention.objects.filter(agent=agent, ticket_id=number, read_at=None)
    # What came into a side thread is read there, not with the conversation.
    shown = named.exclude(message__channel=SIDE).filter(message_id__lte=last or 0)
    (named if last is None else shown).update(read_at=now)


def mark_side_seen(agent: Agent, ticket: Ticket) -> None:
    """The side threads are before their eyes: what named them there is read."""
    named = Mention.objects.filter(agent=agent, ticket=ticket, read_at=None, message__channel=SIDE)
    named.update(read_at=timezone.now())


def _shown_until(number: int, last: int) -> datetime | None:
    """The moment of the newest message that was shown; a mail that is being written just now is later."""
    messages = Message.objects.without_side().filter(ticket=number)
    shown: datetime | None = messages.filter(pk__lte=last).aggregate(at=Max("created_at"))["at"]
    if messages.filter(pk__gt=last).exists():
        return shown
    # What lists compare with may differ from the message by a moment.
    wrote = Ticket.objects.filter(pk=number).values_list("last_customer_at", flat=True).first()
    return max((each for each in (shown, wrote) if each is not None), default=None)


def mark_unseen(agent: Agent, ticket: Ticket | int) -> None:
    """Make a ticket unread again for `agent`."""
    number = ticket if isinstance(ticket, int) else ticket.pk
    Seen.objects.filter(agent=agent, ticket_id=number).delete()
