"""Tickets that open by themselves: planned, changed, paused, cancelled (A3.7). Opening them is conversations.opening_due's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Team
from zaguan.tickets.attribute_fitting import check_planned
from zaguan.tickets.models import Schedule
from zaguan.tickets.moving_events import ScheduleChanged
from zaguan.tickets.recurring import next_dates, written


@transaction.atomic
def plan_ticket(
    known: Schedule | None,
    *,
    by: Any,
    values: dict[str, Any],
    subject: str,
    team: Team | None,
    starts_at: datetime,
    zone: str,
    rule: str = "",
) -> Schedule:
    """Let a ticket open later, once or by a rule, or change when and with what it does.

    Raises Refused for a time that never comes, NotAccepted for attributes that its type would not take today.
    """
    if not subject.strip():
        raise Refused(_("A ticket needs a subject."), field="subject")
    check_planned(values, subject, by=by)
    row = known or Schedule(agent=by if isinstance(by, Agent) else None)
    row.subject, row.team, row.values = subject.strip()[:300], team, values
    row.starts_at, row.zone, row.rule = starts_at, zone, written(rule) if rule.strip() else ""
    row.next_at = _next(row)
    if row.next_at is None:
        raise Refused(_("Choose a time in the future."), field="starts_at")
    row.cancelled_at, row.problem = None, ""
    row.save()
    _tell(row, "changed" if known else "planned", by=by)
    return row


@transaction.atomic
def pause(schedule: Schedule, *, by: Any) -> Schedule:
    """Open nothing until it goes on."""
    row = _locked(schedule)
    if row.paused_at is None and row.next_at is not None:
        row.paused_at = timezone.now()
        row.save(update_fields=["paused_at"])
        _tell(row, "paused", by=by)
    return row


@transaction.atomic
def resume(schedule: Schedule, *, by: Any) -> Schedule:
    """Go on with the next time; what would have opened meanwhile is left out."""
    row = _locked(schedule)
    if row.paused_at is not None:
        row.paused_at, row.next_at = None, _next(row)
        row.save(update_fields=["paused_at", "next_at"])
        _tell(row, "resumed", by=by)
    return row


@transaction.atomic
def cancel(schedule: Schedule, *, by: Any) -> Schedule:
    """Never open it. What it has opened stays."""
    row = _locked(schedule)
    if row.cancelled_at is None:
        row.cancelled_at, row.next_at, row.paused_at = timezone.now(), None, None
        row.save(update_fields=["cancelled_at", "next_at", "paused_at"])
        _tell(row, "cancelled", by=by)
    return row


def following(schedule: Schedule, after: datetime) -> datetime | None:
    """The time after that one; None when it is over."""
    found = next_dates(schedule.starts_at, schedule.zone, schedule.rule, after=after, most=1)
    return found[0] if found else None


def _next(schedule: Schedule) -> datetime | None:
    return following(schedule, timezone.now())


def _locked(schedule: Schedule) -> Schedule:
    return Schedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)


def _tell(schedule: Schedule, what: str, *, by: Any) -> None:
    record(ScheduleChanged(schedule_id=schedule.pk, what=what), by=by)
