"""Write down a phone call (A1.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.bodies import written
from zaguan.conversations.events import CallLogged
from zaguan.conversations.models import Message, Thread
from zaguan.conversations.replying import sent_before
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import Ticket

OUTCOMES = ("answered", "no_answer", "busy", "voicemail", "failed")


@transaction.atomic
def log_call(
    ticket: Ticket | int,
    *,
    by: Any,
    caller: str,
    direction: str,
    started_at: datetime,
    ended_at: datetime | None,
    outcome: str,
    notes_html: str,
    idempotency_key: str | None = None,
) -> Message:
    """Add a call to a ticket; `direction` is "in" or "out", `caller` the number or name of the other side.

    The notes are internal. The same key gives the same call back. Raises Refused for a call that ends before it begins.
    """
    started_at, ended_at = _aware(started_at), _aware(ended_at) if ended_at else None
    fresh = lock(ticket)
    known = sent_before(fresh, idempotency_key, by=by)
    if known is not None:
        return known
    refuse_closed(fresh)
    _check(direction, outcome, started_at, ended_at)
    body = written(notes_html, ())
    details = {
        "caller": caller.strip()[:120],
        "direction": direction,
        "started_at": started_at.isoformat(),
        "ended_at": ended_at.isoformat() if ended_at else None,
        "outcome": outcome,
    }
    thread = fresh.threads.filter(channel="phone").first()
    message = Message.objects.create(
        ticket=fresh,
        thread=thread or Thread.objects.create(ticket=fresh, channel="phone", subject=fresh.subject),
        direction=direction,
        visibility=Message.Visibility.INTERNAL,
        channel="phone",
        agent=by if isinstance(by, Agent) else None,
        contact=fresh.requester if direction == "in" else None,
        sender_name=caller.strip()[:160] if direction == "in" else getattr(by, "name", ""),
        text=body.text,
        reply_text=body.text,
        html=body.html,
        details=details,
        created_at=started_at,
        idempotency_key=idempotency_key,
    )
    _settle(fresh, message)
    record(CallLogged(ticket_id=fresh.pk, message_id=message.pk), by=by)
    return message


def _aware(moment: datetime) -> datetime:
    """A time without a zone is meant in the zone of who says it."""
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _check(direction: str, outcome: str, started_at: datetime, ended_at: datetime | None) -> None:
    if direction not in ("in", "out"):
        raise Refused(_("A call comes in or goes out."), field="direction")
    if outcome not in OUTCOMES:
        raise Refused(_("Choose how the call ended."), field="outcome")
    if ended_at is not None and ended_at < started_at:
        raise Refused(_("A call cannot end before it begins."), field="ended_at")


def _settle(ticket: Ticket, message: Message) -> None:
    """Talking with the customer is an answer when they were reached."""
    ticket.active_at = max(ticket.active_at, message.created_at)
    ticket.excerpt, ticket.excerpt_kind = excerpt(message.text, 160), message.direction
    ticket.excerpt_agent_id = message.agent_id
    ticket.message_count += 1
    if message.details["outcome"] == "answered":
        ticket.first_answered_at = ticket.first_answered_at or message.created_at
        ticket.waiting_since = None
    if message.direction == Message.Direction.IN:
        ticket.last_customer_at = max(filter(None, [ticket.last_customer_at, message.created_at]))
    store(
        ticket,
        *("active_at", "excerpt", "excerpt_kind", "excerpt_agent_id", "message_count"),
        *("first_answered_at", "waiting_since", "last_customer_at"),
    )
