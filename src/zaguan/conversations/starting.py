"""An agent starts a ticket: opened, with its first mail or note, once per click (R03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.models import Attachment, Draft, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket
from zaguan.tickets.opening import NewTicket, open_ticket


def start_ticket(
    new: NewTicket,
    *,
    by: Any,
    outgoing: Outgoing | None = None,
    note_html: str = "",
    note_attachments: Sequence[Attachment] = (),
    idempotency_key: str | None = None,
) -> Ticket:
    """Open a ticket with its first mail to the customer, its first note, or both; the same key gives the same ticket.

    A status in `outgoing` is set with the mail. Raises Refused as the verbs it is made of do; then there is no ticket.
    """
    try:
        with transaction.atomic():
            known = _started(idempotency_key, by)
            return known or _start(new, by, outgoing, note_html, note_attachments, idempotency_key)
    except IntegrityError:
        # The same click arrived twice at the same moment; the other one was quicker.
        known = _started(idempotency_key, by)
        if known is None:
            raise
        return known


def _started(key: str | None, by: Any) -> Ticket | None:
    if key is None or not isinstance(by, Agent):
        return None
    keys = [key, f"{key}:note"]
    found = Message.objects.filter(agent=by, idempotency_key__in=keys).select_related("ticket").first()
    return found.ticket if found else None


def _start(
    new: NewTicket,
    by: Any,
    outgoing: Outgoing | None,
    note_html: str,
    note_attachments: Sequence[Attachment],
    key: str | None,
) -> Ticket:
    ticket = open_ticket(new, by=by)
    if note_html.strip() or note_attachments:
        note_key = f"{key}:note" if key else None
        add_note(ticket, note_html, by=by, attachments=note_attachments, idempotency_key=note_key)
    if outgoing is not None:
        reply(ticket, replace(outgoing, mode="new", answers=None, idempotency_key=key), by=by)
    if isinstance(by, Agent):
        discard_draft(by, None, Draft.Kind.NEW)
    ticket.refresh_from_db()
    return ticket
