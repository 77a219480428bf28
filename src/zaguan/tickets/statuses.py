"""Statuses on their phases: what an agent sets, and what happens by itself (A5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.statements import Rows
from zaguan.tickets.approvals import withdraw_all
from zaguan.tickets.attributes import refuse_unfinished
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.events import StatusChanged
from zaguan.tickets.holding import refuse_held
from zaguan.tickets.models import RANKS, ApprovalState, Phase, Rule, Status, Ticket
from zaguan.tickets.progress import refuse_open_children
from zaguan.tickets.promising import settle
from zaguan.tickets.requirements import refuse_missing
from zaguan.tickets.transitions import refuse_way

_of_phase = Rows(
    lambda phase: Status.objects.filter(phase=phase, archived_at=None).order_by("-is_default", "position")[
        :1
    ],
    str,
)


def default_status(phase: str) -> Status:
    """The status that a phase takes when it is reached by itself."""
    found: Status | None = _of_phase.first(str(phase))
    if found is None:
        raise Refused(_("No status stands for the phase %(phase)s.") % {"phase": Phase(phase).label})
    return found


@transaction.atomic
def set_status(
    ticket: Ticket | int,
    status: Status,
    *,
    by: Any,
    reason: str = "",
    until: datetime | None = None,
    version: int | None = None,
    by_itself: bool = False,
) -> Ticket:
    """Put a ticket into a status. `until` is when a snoozed one comes back, and is needed for that phase only.

    Raises Refused when the ticket is closed, lacks a team (A2.18), a needed reason, a future `until`, or something
    that the status asks for, and when `by` may not go this way; Conflict when `version` is old. `by_itself`: nobody
    chose it, so neither ways nor needs hold it up.
    """
    if until is not None and timezone.is_naive(until):
        # Said without a zone: it is meant as the person's own clock says.
        until = timezone.make_aware(until)
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    _check(fresh, status, reason, until)
    if status.ways and not by_itself:
        refuse_way(fresh, status, by=by)
        refuse_missing(fresh, status, reason=reason, by=by)
    if fresh.status_id == status.pk and fresh.snoozed_until == until and fresh.status_reason == reason:
        return fresh
    return _put(fresh, status, by=by, reason=reason, until=until)


def _check(ticket: Ticket, status: Status, reason: str, until: datetime | None) -> None:
    if ticket.team_id is None and status.phase not in (Phase.NEW, Phase.CLOSED):
        raise Refused(_("Choose a team before work on this ticket starts."), field="team")
    if status.phase == Phase.SNOOZED and (until is None or until <= timezone.now()):
        raise Refused(_("Choose a time in the future at which the ticket comes back."), field="until")
    if status.phase != Phase.SNOOZED and until is not None:
        raise Refused(_("Only a snoozed ticket has a time to come back."), field="until")
    if status.asks_reason and not reason.strip():
        raise Refused(_("Say why: this status asks for a reason."), field="reason")
    refuse_unfinished(ticket, status.phase)
    refuse_open_children(ticket, status)
    refuse_held(ticket, status)


def _put(
    ticket: Ticket, status: Status, *, by: Any, reason: str = "", until: datetime | None = None
) -> Ticket:
    old, now = ticket.status, timezone.now()
    ticket.status, ticket.status_reason, ticket.snoozed_until = status, reason[:200], until
    ticket.phase = status.phase
    # A notice may still arrive for one in the trash: it stays there.
    ticket.rank = ticket.rank if ticket.is_hidden else RANKS[Phase(status.phase)]
    _stamp(ticket, old.phase, now)
    store(
        ticket,
        *("status", "status_reason", "snoozed_until", "phase", "rank"),
        *("resolved_at", "closed_at", "closes_at", "waiting_since", "promise_kept"),
    )
    event = StatusChanged(
        ticket_id=ticket.pk,
        statuses=[old.pk, status.pk],
        phases=[old.phase, status.phase],
        reason=reason,
        snoozed_until=until.isoformat() if until else "",
        category=ticket.kind if ticket.type_id else "",
    )
    record(event, by=by)
    if ticket.phase == Phase.CLOSED and ticket.approval_state == ApprovalState.WAITING:
        withdraw_all(ticket, by=SYSTEM, reason=_("The ticket was closed."))
    return ticket


def _stamp(ticket: Ticket, old_phase: str, now: datetime) -> None:
    """The dates that follow from the phase. "Resolved on" comes only from passing through resolved (A5.10)."""
    ticket.closes_at = None
    if ticket.phase == Phase.RESOLVED:
        ticket.resolved_at = ticket.resolved_at if old_phase == Phase.RESOLVED else now
        hours = rules().close_after_hours
        ticket.closes_at = now + timedelta(hours=hours) if hours else None
    elif ticket.phase == Phase.CLOSED:
        ticket.closed_at = now
    else:
        ticket.resolved_at = None
    if ticket.phase in (Phase.NEW, Phase.OPEN):
        ticket.waiting_since = ticket.waiting_since or now
    else:
        ticket.waiting_since = None
    settle(ticket, now)


def rules() -> Rule:
    """The desk's choices about tickets."""
    return Rule.objects.first() or Rule.objects.create()


def reopened_by_customer(ticket: Ticket, *, by: Any) -> None:
    """The customer wrote: anything but new and closed goes back into process (A5.5, A5.7). Call with the lock held."""
    if ticket.phase in (Phase.NEW, Phase.OPEN, Phase.CLOSED):
        return
    _put(ticket, default_status(Phase.OPEN), by=by)


def reopen(ticket: Ticket, *, by: Any, reason: str = "") -> None:
    """Back into process for a cause of the desk's own, such as a bounce. Call with the lock held."""
    if ticket.phase not in (Phase.NEW, Phase.OPEN, Phase.CLOSED):
        _put(ticket, default_status(Phase.OPEN), by=by, reason=reason)


def reopen_closed(ticket: Ticket, *, by: Any) -> None:
    """A closed ticket back into process, where an inbox's policy wants that (R22). Call with the lock held."""
    ticket.closed_at = None
    _put(ticket, default_status(Phase.OPEN), by=by)


def restore_status(
    ticket: Ticket, status: Status, *, by: Any, reason: str = "", until: datetime | None = None
) -> None:
    """Put the status back that a withdrawn message had replaced, closed or not. Call with the lock held."""
    ticket.closed_at = None
    _put(ticket, status, by=by, reason=reason, until=until)


@transaction.atomic
def wake_snoozed(number: int) -> bool:
    """Bring one snoozed ticket back if its time has come (A5.17); says whether it did."""
    ticket = lock(number)
    if ticket.phase != Phase.SNOOZED or ticket.snoozed_until is None or ticket.snoozed_until > timezone.now():
        return False
    _put(ticket, default_status(Phase.OPEN), by=SYSTEM)
    return True


@transaction.atomic
def close_resolved(number: int) -> bool:
    """Close one resolved ticket if its time has come (A5.8); says whether it did."""
    ticket = lock(number)
    if ticket.phase != Phase.RESOLVED or ticket.closes_at is None or ticket.closes_at > timezone.now():
        return False
    _put(ticket, default_status(Phase.CLOSED), by=SYSTEM)
    return True
