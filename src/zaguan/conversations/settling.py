"""What an answer changes on its ticket: status, waiting, and what lists show of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zaguan.conversations.addressing import FORWARD, people_of
from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.outgoing import Outgoing
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent, Identity
from zaguan.tickets.changing import store
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

SETTLED = (
    *("waiting_since", "first_answered_at", "active_at", "excerpt", "excerpt_kind", "excerpt_agent_id"),
    *("message_count", "has_files"),
)


def settle(ticket: Ticket, message: Message, outgoing: Outgoing, *, by: Any) -> None:
    """Status first, then the columns of the list: an answer ends the customer's waiting whatever the phase."""
    before = _before(ticket)
    status, by_itself = outgoing.status, outgoing.status is None
    if status is None and ticket.phase == Phase.NEW and not outgoing.automatic:
        status = default_status(Phase.OPEN)
    if status is not None:
        set_status(
            ticket, status, by=by, reason=outgoing.status_reason, until=outgoing.until, by_itself=by_itself
        )
        ticket.refresh_from_db()
    reached = outgoing.mode != FORWARD and _reaches_customer(ticket, message)
    if not outgoing.automatic and reached:
        ticket.waiting_since = None
        ticket.first_answered_at = ticket.first_answered_at or message.created_at
    ticket.active_at = message.created_at
    ticket.excerpt, ticket.excerpt_kind = excerpt(message.text, 160), "out"
    ticket.excerpt_agent_id = message.agent_id
    ticket.message_count += 1
    ticket.has_files = ticket.has_files or message.has_files
    store(ticket, *SETTLED)
    if not reached:
        # The clocks ask for it: an answer is what the customer got.
        message.details["reached"] = False
    message.details["before"] = before | {"set": status.pk if status else None}
    message.save(update_fields=["details", "external_id"])
    if isinstance(by, Agent):
        discard_draft(by, ticket, Draft.Kind.REPLY)


def _before(ticket: Ticket) -> dict[str, Any]:
    """What taking the message back restores."""

    def plain(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "status": ticket.status_id,
        "reason": ticket.status_reason,
        "until": plain(ticket.snoozed_until),
        "waiting_since": plain(ticket.waiting_since),
        "first_answered_at": plain(ticket.first_answered_at),
    }


def _reaches_customer(ticket: Ticket, message: Message) -> bool:
    """An answer to a supplier does not end the customer's waiting."""
    if message.answers is not None and message.answers.contact_id == ticket.requester_id:
        return True
    addresses = [address.lower() for address, _name in people_of([*message.to, *message.cc])]
    return Identity.objects.filter(contact=ticket.requester_id, kind="email", value__in=addresses).exists()
