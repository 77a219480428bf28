"""What a rule looks at: the event as it was recorded, and what its ticket and message said, read when asked."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from zaguan.conversations.models import SIDE, Message
from zaguan.events.models import EventRecord
from zaguan.lib.prepared import PreparedRows
from zaguan.tickets.models import Ticket


def _from_customer(ticket: int) -> QuerySet[Message]:
    said = Message.objects.filter(ticket_id=ticket, withdrawn_at=None, direction=Message.Direction.IN)
    return said.exclude(channel=SIDE).defer("html")


# Asked for each event of a rule about words: their SQL is made once.
_by_number = PreparedRows(lambda number: Message.objects.filter(pk=number, withdrawn_at=None).defer("html"))
_opening = PreparedRows(lambda ticket: _from_customer(ticket).order_by("id")[:1])
_latest = PreparedRows(lambda ticket: _from_customer(ticket).order_by("-id")[:1])
RELATED = ("status", "team", "assignee", "requester", "type", "category", "urgency", "service")


class Fact:
    """The cause of a rule: an event, or (without `row`) that time has passed since `base`."""

    def __init__(
        self, ticket_id: int, row: EventRecord | None = None, *, base: datetime | None = None
    ) -> None:
        self.ticket_id, self.row, self.base = ticket_id, row, base

    @property
    def kind(self) -> str:
        return self.row.kind if self.row else ""

    @property
    def data(self) -> dict[str, Any]:
        return self.row.data if self.row else {}

    @property
    def at(self) -> datetime:
        return self.row.at if self.row else timezone.now()

    @property
    def actor_kind(self) -> str:
        return self.row.actor_kind if self.row else "system"

    @cached_property
    def ticket(self) -> Ticket:
        """The ticket as it stands now."""
        return Ticket.objects.select_related(*RELATED).get(pk=self.ticket_id)

    @cached_property
    def message(self) -> Message | None:
        """What was said: by the event itself, in the ticket's opening, or else the customer's last words."""
        number = self.data.get("message_id")
        if number:
            rows: list[Message] = _by_number(number)
        else:
            rows = (_opening if self.kind == "tickets.TicketOpened" else _latest)(self.ticket_id)
        return rows[0] if rows else None

    @cached_property
    def is_first_message(self) -> bool:
        """Whether nothing was said before."""
        if self.message is None:
            return False
        before = Message.objects.filter(ticket_id=self.ticket_id, pk__lt=self.message.pk)
        return not before.exclude(direction=Message.Direction.NOTE).exists()
