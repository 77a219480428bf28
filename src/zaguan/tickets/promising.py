"""What the customer was told: solved by then. Set, changed with a reason, reminded of, kept or broken (A2.7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import DONE_RANK, Phase, Ticket
from zaguan.tickets.work_events import PromiseChanged, Reminded

# The reminder comes this long before, or at half of a shorter time.
LEAD = timedelta(hours=2)
REMIND = "tickets.remind_promise"


@transaction.atomic
def set_promise(
    ticket: Ticket | int,
    at: datetime | None,
    *,
    by: Any,
    reason: str = "",
    public: bool | None = None,
    version: int | None = None,
) -> Ticket:
    """Promise a solution by then, or none. Changing a promise needs a reason; `public`: the customer may see it."""
    if at is not None and timezone.is_naive(at):
        at = timezone.make_aware(at)
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    shown = fresh.is_promise_public if public is None else public
    old = fresh.promised_at
    if old == at and shown == fresh.is_promise_public:
        return fresh
    if old != at:
        _check(old, at, reason)
    fresh.promised_at, fresh.is_promise_public = at, shown and at is not None
    fresh.promised_by = by if isinstance(by, Agent) and at else None
    if old != at:
        fresh.promise_kept = None
    store(fresh, "promised_at", "promised_by", "is_promise_public", "promise_kept")
    both = [moment.isoformat() if moment else "" for moment in (old, at)]
    record(
        PromiseChanged(
            ticket_id=fresh.pk, promised_at=both, reason=reason.strip()[:300], public=fresh.is_promise_public
        ),
        by=by,
    )
    if at is not None and old != at:
        _plan_reminder(fresh.pk, at)
    return fresh


def _check(old: datetime | None, at: datetime | None, reason: str) -> None:
    if old is not None and not reason.strip():
        raise Refused(_("Say why the promise changes."), field="reason")
    if at is not None and at <= timezone.now():
        raise Refused(_("A promise lies in the future."), field="promised_at")


def _plan_reminder(number: int, at: datetime) -> None:
    now = timezone.now()
    enqueue(REMIND, run_at=at - min(LEAD, (at - now) / 2), ticket=number, at=at.isoformat())


def settle(ticket: Ticket, now: datetime) -> None:
    """Kept or broken, once the ticket is solved; open again it is neither. Call before the ticket is stored."""
    if ticket.promised_at is None:
        return
    if ticket.phase not in (Phase.RESOLVED, Phase.CLOSED):
        ticket.promise_kept = None
    elif ticket.promise_kept is None:
        ticket.promise_kept = (ticket.resolved_at or now) <= ticket.promised_at


@task(REMIND)
@transaction.atomic
def remind(ticket: int, at: str) -> None:
    """Tell who has it that a promise comes due, unless it is solved or something else was promised."""
    found = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket, rank__lt=DONE_RANK).first()
    if found is None or found.promised_at is None or found.promised_at.isoformat() != at:
        return
    agent = found.assignee_id or found.promised_by_id
    if agent is not None:
        event = Reminded(ticket_id=found.pk, agent_id=agent, about="promise", subject=found.subject, at=at)
        record(event, by=SYSTEM)
