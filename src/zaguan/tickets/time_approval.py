"""Working time is handed in, then approved or rejected with a reason (A17)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import TimeEntry
from zaguan.tickets.time_spent import locked_entry
from zaguan.tickets.work_events import TimeDecided

State = TimeEntry.State
# Each state, and from which others one comes to it.
_NEXT = {
    State.SUBMITTED: (State.OPEN, State.REJECTED),
    State.APPROVED: (State.SUBMITTED, State.OPEN),
    State.REJECTED: (State.SUBMITTED, State.APPROVED),
    State.OPEN: (State.SUBMITTED, State.REJECTED, State.APPROVED),
}


@transaction.atomic
def decide(entry: TimeEntry | int, state: str, *, by: Any, reason: str = "") -> bool:
    """Submit, approve, reject (with a reason) or take back; False when it was in that state already."""
    fresh = locked_entry(entry)
    if fresh.state == state:
        return False
    if fresh.state not in _NEXT[State(state)]:
        raise Refused(_("This time is “%(state)s”.") % {"state": State(fresh.state).label})
    if state == State.REJECTED and not reason.strip():
        raise Refused(_("Say why it is rejected."), field="reason")
    fresh.state, fresh.state_reason = state, reason.strip()[:300]
    fresh.decided_by, fresh.decided_at = by if isinstance(by, Agent) else None, timezone.now()
    fresh.save(update_fields=["state", "state_reason", "decided_by", "decided_at"])
    event = TimeDecided(
        ticket_id=fresh.ticket_id,
        entry_id=fresh.pk,
        agent_id=fresh.agent_id,
        minutes=fresh.minutes,
        state=state,
        reason=fresh.state_reason,
    )
    record(event, by=by)
    return True
