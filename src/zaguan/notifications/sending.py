"""Tell agents: into the bell, by mail, to their devices; never of what they may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.conversations.models import Thread
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue
from zaguan.lib.text import excerpt
from zaguan.notifications import timing
from zaguan.notifications.bundling import bundle
from zaguan.notifications.events import AgentsNotified
from zaguan.notifications.kinds import BELL, KINDS, MAIL, PUSH
from zaguan.notifications.models import Notification, NotificationQuerySet, PushSubscription
from zaguan.notifications.preferring import by_inbox, media_for
from zaguan.notifications.wishing import wishes_of
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

PUSHING = "notifications.push"
# A worker may run a rule again within this time.
REPEATED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class News:
    """One thing to be told: where it happened, by which event, and the pieces that its sentence is made of."""

    ticket: Ticket | None = None
    event_id: int | None = None
    pieces: Mapping[str, Any] = field(default_factory=dict)
    # Nothing but the bell before this moment: the team is not at work.
    rest_until: datetime | None = None
    # No device rings for it.
    quietly: bool = False


def notify(
    agents: Iterable[Agent | int],
    *,
    kind: str,
    ticket_id: int | None,
    text: str,
    event_id: int | None = None,
) -> list[Notification]:
    """Tell these agents `text` about a ticket, each by the media of their choice; who may not see it hears nothing.

    Called again for the same event it tells nobody twice. An unknown `kind` counts as what a rule tells.
    """
    ticket = Ticket.objects.filter(pk=ticket_id).first() if ticket_id else None
    if ticket_id and ticket is None:
        return []
    known = kind if kind in KINDS else "rule"
    numbers = {each if isinstance(each, int) else each.pk: known for each in agents}
    # Several rules may tell of one event: each text once.
    return tell(numbers, News(ticket, None, {"text": excerpt(text, 300), "event": event_id}))


@transaction.atomic
def tell(hearers: Mapping[int, str], news: News) -> list[Notification]:
    """Tell each agent (id → kind) once; returns what was new."""
    agents = _who_may(hearers, news)
    if not agents:
        return []
    now = timezone.now()
    made = [row for agent in agents if (row := _row(agent, hearers[agent.pk], news, now)) is not None]
    rows = [row for row, _media in made]
    Notification.objects.bulk_create(rows)
    bundle(rows)
    _push([row for row, media in made if PUSH in media])
    if rows:
        record(AgentsNotified(agents=sorted(row.agent_id for row in rows)), by=SYSTEM)
    return rows


def _who_may(hearers: Mapping[int, str], news: News) -> list[Agent]:
    """Those who use the desk, see the ticket, and were not told of this event already."""
    if not hearers:
        return []
    # Locked in one order, and before looking: two workers that tell the same people of the same wait for one another,
    # the second then sees what the first said, and bundles stay whole.
    found = Agent.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=hearers, is_active=True)
    agents = list(found.select_related("role").order_by("pk"))
    told = set(_told(hearers, news).values_list("agent_id", flat=True)) if agents else set()
    agents = [agent for agent in agents if agent.pk not in told]
    if news.ticket is None:
        return [agent for agent in agents if agent.can("desk.use")]
    return [agent for agent in agents if news.ticket.is_known_to(agent)]


def _told(hearers: Mapping[int, str], news: News) -> NotificationQuerySet:
    """What they were told of the same event already."""
    rows = Notification.objects.filter(agent__in=list(hearers))
    if news.event_id is not None:
        return rows.filter(event_id=news.event_id)
    if news.pieces.get("event") is None:
        return rows.none()
    recent = rows.filter(created_at__gt=timezone.now() - REPEATED)
    return recent.filter(pieces__event=news.pieces["event"], pieces__text=news.pieces["text"])


def _row(agent: Agent, kind: str, news: News, now: datetime) -> tuple[Notification, set[str]] | None:
    team = news.ticket.team_id if news.ticket else None
    media = media_for(agent.pk, kind, team_id=team, inbox_id=_inbox_of(news))
    if not media:
        return None
    media -= {PUSH} if news.quietly else set()
    wishes, zone = wishes_of(agent.pk), timing.zone_of(agent)
    rest = news.rest_until if wishes.in_working_time else None
    is_quiet = timing.quiet_until(wishes, zone, now) is not None or rest is not None
    # What a device would have shown comes with the next mail instead.
    if is_quiet and PUSH in media:
        media = (media - {PUSH}) | {MAIL}
    row = Notification(
        agent=agent,
        kind=kind,
        ticket=news.ticket,
        event_id=news.event_id,
        pieces=dict(news.pieces),
        in_bell=BELL in media or is_quiet,
        created_at=now,
        mail_at=timing.mail_at(wishes, zone, now, rest=rest) if MAIL in media else None,
    )
    return row, media


def _inbox_of(news: News) -> int | None:
    """Through which inbox the ticket came, if anybody cares."""
    if news.ticket is None or not by_inbox():
        return None
    threads = Thread.objects.filter(ticket=news.ticket, inbox__isnull=False).order_by("pk")
    return threads.values_list("inbox_id", flat=True).first()


def _push(rows: list[Notification]) -> None:
    """One job per device: each has its own service, which may be away."""
    devices = PushSubscription.objects.filter(agent__in=[row.agent_id for row in rows]) if rows else []
    for device in devices:
        for row in rows:
            if row.agent_id == device.agent_id:
                enqueue(PUSHING, notification=row.pk, device=device.pk)
