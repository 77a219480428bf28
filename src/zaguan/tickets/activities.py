"""Calls, appointments, tasks and visits: plan, change, do; the owner is reminded (A8.8)."""

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
from zaguan.tickets.models import Activity
from zaguan.tickets.work_events import ActivityChanged, ActivityDone, ActivityPlanned, Reminded

REMIND = "tickets.remind_activity"
FIELDS = (
    "kind",
    "subject",
    "notes",
    "place",
    "owner",
    "starts_at",
    "ends_at",
    "remind_minutes",
    "contact",
    "organisation",
)
_MOST_MINUTES = 60 * 24 * 60
# What one may choose for the reminder, in minutes before the start.
REMINDERS = (0, 5, 15, 30, 60, 120, 1440)


@transaction.atomic
def plan(*, by: Any, **values: Any) -> Activity:
    """Plan an activity: `ticket`, `contact` or `organisation` it is for, `owner`, `starts_at` and so on."""
    ticket = values.get("ticket")
    if ticket is not None:
        values.setdefault("contact", ticket.requester)
        values.setdefault("organisation", ticket.organisation)
    elif values.get("contact") is not None and values.get("organisation") is None:
        values["organisation"] = values["contact"].organisation
    made = Activity(**values)
    _check(made)
    made.save()
    record(
        ActivityPlanned(
            ticket_id=made.ticket_id,
            activity_id=made.pk,
            kind_of_activity=made.kind,
            subject=made.subject,
            owner_id=made.owner_id,
            starts_at=made.starts_at.isoformat(),
        ),
        by=by,
    )
    _plan_reminder(made)
    return made


def _check(activity: Activity) -> None:
    activity.subject = " ".join(activity.subject.split())[:200]
    if not activity.subject:
        raise Refused(_("Say what is to be done."), field="subject")
    if activity.kind not in Activity.Kind.values:
        raise Refused(_("There is no such kind of activity."), field="kind")
    if not (activity.ticket_id or activity.contact_id or activity.organisation_id):
        raise Refused(_("Say for whom it is."), field="contact")
    if activity.ends_at is not None and activity.ends_at <= activity.starts_at:
        raise Refused(_("It ends before it begins."), field="ends_at")
    if activity.remind_minutes is not None and activity.remind_minutes > _MOST_MINUTES:
        raise Refused(_("A reminder comes at most 60 days before."), field="remind_minutes")


def reminder_of(activity: Activity) -> datetime | None:
    """When the owner is reminded."""
    if activity.remind_minutes is None:
        return None
    return activity.starts_at - timedelta(minutes=activity.remind_minutes)


def _plan_reminder(activity: Activity) -> None:
    at = reminder_of(activity)
    if at is not None and at > timezone.now() and activity.done_at is None:
        enqueue(REMIND, run_at=at, activity=activity.pk, at=at.isoformat())


def _lock(activity: Activity | int) -> Activity:
    number = activity if isinstance(activity, int) else activity.pk
    return Activity.objects.select_for_update(of=("self",)).select_related("owner").get(pk=number)


@transaction.atomic
def change_activity(activity: Activity | int, *, by: Any, **values: Any) -> Activity:
    """Change what was planned; a new time brings a new reminder."""
    fresh = _lock(activity)
    changes = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise ValueError(name)
        old = getattr(fresh, name)
        if old != value:
            changes[name] = [_plain(old), _plain(value)]
            setattr(fresh, name, value)
    if not changes:
        return fresh
    _check(fresh)
    fresh.sequence += 1
    fresh.reminded_at = None
    fresh.save()
    event = ActivityChanged(
        ticket_id=fresh.ticket_id,
        activity_id=fresh.pk,
        subject=fresh.subject,
        owner_id=fresh.owner_id,
        changes=changes,
    )
    record(event, by=by)
    _plan_reminder(fresh)
    return fresh


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)


@transaction.atomic
def finish(activity: Activity | int, *, by: Any, done: bool = True) -> Activity:
    """Say that it is done, or that it is not."""
    fresh = _lock(activity)
    if (fresh.done_at is not None) == done:
        return fresh
    fresh.done_at = timezone.now() if done else None
    fresh.done_by = by if done and isinstance(by, Agent) else None
    fresh.sequence += 1
    fresh.save(update_fields=["done_at", "done_by", "sequence", "updated_at"])
    event = ActivityDone(
        ticket_id=fresh.ticket_id,
        activity_id=fresh.pk,
        subject=fresh.subject,
        owner_id=fresh.owner_id,
        done=done,
    )
    record(event, by=by)
    return fresh


@transaction.atomic
def delete_activity(activity: Activity | int, *, by: Any) -> None:
    """Take it off the plan."""
    fresh = _lock(activity)
    event = ActivityChanged(
        ticket_id=fresh.ticket_id,
        activity_id=fresh.pk,
        subject=fresh.subject,
        owner_id=fresh.owner_id,
        deleted=True,
    )
    fresh.delete()
    record(event, by=by)


@task(REMIND)
@transaction.atomic
def remind(activity: int, at: str) -> None:
    """Remind the owner once, if it still stands at that time and is not done."""
    found = (
        Activity.objects.select_for_update(of=("self",))
        .filter(pk=activity, done_at=None, reminded_at=None)
        .first()
    )
    due = reminder_of(found) if found else None
    if found is None or due is None or due.isoformat() != at:
        return
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    event = Reminded(
        ticket_id=found.ticket_id, agent_id=found.owner_id, about="activity", subject=found.subject,
        at=found.starts_at.isoformat(), activity_id=found.pk,
    )  # fmt: skip
    record(event, by=SYSTEM)
