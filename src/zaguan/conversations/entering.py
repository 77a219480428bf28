"""What a customer said, told to us by a form, a machine or an agent instead of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.conversations.events import MessageReceived
from zaguan.conversations.models import SIDE, Message, Thread
from zaguan.conversations.origins import checked_origin
from zaguan.events.recording import record
from zaguan.lib.new_rows import new
from zaguan.lib.prepared import Prepared
from zaguan.lib.statements import insert
from zaguan.lib.text import excerpt
from zaguan.people.models import Contact, Identity
from zaguan.tickets.categories import refuse_words
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
    context: Mapping[str, Any] | None = None,
) -> Message:
    """Add a customer's words to a ticket, reopening it as a mail would; `html` must be cleaned already.

    `context` says where on a network they were written, as `origins` reads it; Refused for a link that is none.
    """
    origin = checked_origin(context)
    # One that was opened in this very transaction is nobody else's yet.
    fresh = ticket if opened and isinstance(ticket, Ticket) else lock(ticket)
    refuse_closed(fresh)
    refuse_words(fresh)
    now = timezone.now()
    message = new(
        Message,
        ticket=fresh,
        thread=_thread(fresh, channel, is_new=opened),
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
        details={"context": origin} if origin else {},
        created_at=now,
    )
    insert(message)
    reopened_by_customer(fresh, by=by)
    fresh.active_at = fresh.last_customer_at = now
    fresh.waiting_since = fresh.waiting_since or now
    fresh.excerpt, fresh.excerpt_kind = excerpt(text, 160), "in"
    fresh.message_count += 1
    store(fresh, "active_at", "last_customer_at", "waiting_since", "excerpt", "excerpt_kind", "message_count")
    record(MessageReceived(ticket_id=fresh.pk, message_id=message.pk, channel=channel, opened=opened), by=by)
    return message


def _thread(ticket: Ticket, channel: str, *, is_new: bool) -> Thread:
    found = None if is_new else ticket.threads.exclude(channel=SIDE).first()
    return found or insert(
        new(
            Thread,
            ticket=ticket,
            inbox_id=ticket.inbox_id,
            channel=channel,
            subject=ticket.subject,
            created_at=timezone.now(),
        )
    )


_addresses = Prepared(
    lambda pk: (
        Identity.objects.filter(contact_id=pk, kind="email")
        .order_by("-is_primary", "id")
        .values_list("value")
    )
)


def _address_of(contact: Contact) -> str:
    found = _addresses(contact.pk)
    return str(found[0][0]) if found else ""
