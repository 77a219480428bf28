"""What a customer said, told to us by a form, a machine or an agent instead of a mail."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.conversations.events import MessageReceived
from zaguan.conversations.models import Message, Thread
from zaguan.events.recording import record
from zaguan.lib.text import excerpt
from zaguan.people.models import Contact
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import Ticket
from zaguan.tickets.statuses import reopened_by_customer


@transaction.atomic
def enter(
    ticket: Ticket | int,
    contact: Contact,
    text: str,
    *,
    by: Any,
    html: str = "",
    channel: str = "api",
    opened: bool = False,
) -> Message:
    """Add a customer's words to a ticket, reopening it as a mail would; `html` must be cleaned already."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    now = timezone.now()
    thread = fresh.threads.first() or Thread.objects.create(
        ticket=fresh, inbox_id=fresh.inbox_id, channel=channel, subject=fresh.subject
    )
    message = Message.objects.create(
        ticket=fresh,
        thread=thread,
        direction=Message.Direction.IN,
        visibility=Message.Visibility.PRIVATE,
        channel=channel,
        contact=contact,
        sender_name=contact.name,
        sender_address=_address_of(contact),
        subject=fresh.subject,
        text=text,
        reply_text=text,
        html=html,
        created_at=now,
    )
    reopened_by_customer(fresh, by=by)
    fresh.active_at = fresh.last_customer_at = now
    fresh.waiting_since = fresh.waiting_since or now
    fresh.excerpt, fresh.excerpt_kind = excerpt(text, 160), "in"
    fresh.message_count += 1
    store(fresh, "active_at", "last_customer_at", "waiting_since", "excerpt", "excerpt_kind", "message_count")
    record(MessageReceived(ticket_id=fresh.pk, message_id=message.pk, channel=channel, opened=opened), by=by)
    return message


def _address_of(contact: Contact) -> str:
    found = contact.identities.filter(kind="email").order_by("-is_primary", "id").first()
    return found.value if found else ""
