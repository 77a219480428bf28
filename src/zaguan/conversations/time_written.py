"""Working time that is written with an answer or a note: kept in the same act, and gone when the words are taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zaguan.conversations.models import Message
from zaguan.tickets.models import Ticket, TimeEntry
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import delete_time, log_time

# Handed in already: somebody counts on it.
SETTLED = (TimeEntry.State.SUBMITTED, TimeEntry.State.APPROVED)


def log_with(ticket: Ticket, message: Message, time: NewTime | None, *, by: Any) -> None:
    """Log the time of a message that was written just now, in its transaction. Raises Refused as `log_time` does."""
    if time is not None:
        log_time(ticket, replace(time, message_id=message.pk), by=by)


def forget_time_of(message: Message, *, by: Any) -> None:
    """The message is taken back: so is its time, unless it was handed in."""
    own = TimeEntry.objects.filter(ticket=message.ticket_id, message_id=message.pk)
    for entry in own.exclude(state__in=SETTLED):
        delete_time(entry, by=by)


def as_json(time: NewTime | None) -> dict[str, Any]:
    """What was typed, as it is kept with the message."""
    if time is None:
        return {}
    moments = {name: getattr(time, name) for name in ("day", "started_at", "ended_at")}
    return {
        **{name: moment.isoformat() for name, moment in moments.items() if moment},
        "kind": time.kind,
        "minutes": time.minutes,
        "activity": time.activity.pk if time.activity else None,
        "value": str(time.value) if time.value is not None else "",
    }
