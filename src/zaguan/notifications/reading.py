"""What an agent has seen and read of what they were told."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.forgetting import forget
from zaguan.notifications.events import AgentsNotified
from zaguan.notifications.models import Notification, NotificationQuerySet
from zaguan.people.models import Agent

# A bell counts no further.
MOST = 99


def unread_tickets(agent: Agent) -> list[int | None]:
    """What the bell counts: the ticket of each unread bundle, newest first; None for what is about no ticket."""
    rows = Notification.objects.visible_to(agent).in_bell().unread().order_by("-id")
    return list(rows.values_list("ticket_id", flat=True)[: MOST + 1])


@transaction.atomic
def read_about(agent: Agent, ticket_id: int) -> int:
    """All about one ticket, because it is open before the agent's eyes; says how many were unread."""
    return _read(agent, Notification.objects.filter(agent=agent, ticket=ticket_id))


@transaction.atomic
def read_one(agent: Agent, row: Notification) -> int:
    """One, with the whole bundle that it stands for."""
    if row.ticket_id is not None:
        return read_about(agent, row.ticket_id)
    return _read(agent, Notification.objects.filter(agent=agent, pk=row.pk))


@transaction.atomic
def read_all(agent: Agent) -> int:
    """Everything that is there by now."""
    return _read(agent, Notification.objects.filter(agent=agent))


@transaction.atomic
def unread_again(agent: Agent, row: Notification) -> None:
    """Keep one for later."""
    if Notification.objects.filter(agent=agent, pk=row.pk, read_at__isnull=False).update(read_at=None):
        record(AgentsNotified(agents=[agent.pk]), by=SYSTEM)


def see(agent: Agent) -> None:
    """The bell was opened: what it lists is no longer new, but still unread."""
    new = Notification.objects.in_bell().unread().filter(agent=agent, seen_at=None)
    if new.exists():
        new.update(seen_at=timezone.now())


def _read(agent: Agent, rows: NotificationQuerySet) -> int:
    """Look before writing: most pages that are opened have nothing unread."""
    waiting = rows.unread()
    if not waiting.exists():
        return 0
    count = waiting.update(read_at=timezone.now())
    record(AgentsNotified(agents=[agent.pk]), by=SYSTEM)
    return count


def forget_old() -> int:
    """What is older than three months, read or not."""
    before = timezone.now() - timedelta(days=90)
    return forget(Notification.objects.filter(created_at__lt=before).order_by("created_at"))
