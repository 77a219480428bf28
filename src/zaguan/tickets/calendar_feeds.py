"""An agent's activities as a calendar that other programs read by a secret address (RFC 5545)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from zaguan.events.recording import record
from zaguan.people.events import AgentChanged
from zaguan.people.models import Agent
from zaguan.tickets.models import Activity, CalendarFeed

BACK = timedelta(days=90)
MOST = 2000
_READ_NOTED_EVERY = timedelta(minutes=10)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def renew_feed(agent: Agent, *, by: Agent) -> str:
    """A new secret for the agent's calendar; the old address ends. The secret is returned once and not kept."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        agent=agent, defaults={"digest": _digest(token), "created_at": timezone.now(), "read_at": None}
    )
    record(AgentChanged(agent_id=agent.pk, changes={"calendar": ["", "renewed"]}), by=by)
    return token


@transaction.atomic
def revoke_feed(agent: Agent, *, by: Agent) -> None:
    """The address leads nowhere from now on."""
    gone, _kinds = CalendarFeed.objects.filter(agent=agent).delete()
    if gone:
        record(AgentChanged(agent_id=agent.pk, changes={"calendar": ["renewed", ""]}), by=by)


def owner_of(token: str) -> Agent | None:
    """Whose calendar the secret opens, if it opens one and they may still use the desk."""
    feed = CalendarFeed.objects.select_related("agent__role").filter(digest=_digest(token)).first()
    if feed is None or not feed.agent.can("desk.use"):
        return None
    now = timezone.now()
    if feed.read_at is None or now - feed.read_at > _READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed.agent


def calendar_of(agent: Agent) -> bytes:
    """What the agent has planned, from three months ago on."""
    book = Calendar()
    book.add("prodid", "-//Zaguán//Activities//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", f"Zaguán · {agent.name}")
    book.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
    planned = Activity.objects.filter(owner=agent, starts_at__gte=timezone.now() - BACK)
    for each in planned.select_related("contact", "organisation").order_by("starts_at", "id")[:MOST]:
        book.add_component(_event(each))
    written: bytes = book.to_ical()
    return written


def _event(activity: Activity) -> Event:
    event = Event()
    event.add("uid", f"{activity.public_id}@{urlsplit(settings.BASE_URL).hostname or 'zaguan'}")
    event.add("dtstamp", activity.updated_at)
    event.add("last-modified", activity.updated_at)
    event.add("sequence", activity.sequence)
    event.add("dtstart", activity.starts_at)
    event.add("dtend", activity.ends_at or activity.starts_at + timedelta(minutes=30))
    done = "✓ " if activity.done_at else ""
    number = f" (#{activity.ticket_id})" if activity.ticket_id else ""
    event.add("summary", f"{done}{activity.subject}{number}")
    event.add("description", "\n".join(filter(None, (_whom(activity), activity.notes, _address(activity)))))
    if activity.place:
        event.add("location", activity.place)
    event.add("categories", [activity.kind])
    # A task takes no time of the day; a meeting does.
    event.add(
        "transp", "TRANSPARENT" if activity.kind == Activity.Kind.TASK or activity.done_at else "OPAQUE"
    )
    if activity.remind_minutes is not None and not activity.done_at:
        event.add_component(_alarm(activity.remind_minutes, activity.subject))
    return event


def _whom(activity: Activity) -> str:
    names = (activity.contact, activity.organisation)
    return " · ".join(str(name) for name in names if name)


def _address(activity: Activity) -> str:
    path = f"/desk/tickets/{activity.ticket_id}/" if activity.ticket_id else "/desk/agenda/"
    return f"{settings.BASE_URL}{path}"


def _alarm(minutes: int, subject: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", subject)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm
