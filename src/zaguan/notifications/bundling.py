"""Unread notifications about one ticket are one line in the bell: the newest stands for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Sum

from zaguan.notifications.models import Notification


def bundle_again(ticket_id: int) -> None:
    """After what was told of another ticket came to this one: for each agent the newest unread row is on top."""
    rows = Notification.objects.filter(ticket=ticket_id, in_bell=True, read_at=None).order_by("agent", "-pk")
    by_agent: dict[int, list[Notification]] = defaultdict(list)
    for row in rows:
        by_agent[row.agent_id].append(row)
    for newest, *below in by_agent.values():
        Notification.objects.filter(pk__in=[row.pk for row in below]).update(is_top=False)
        Notification.objects.filter(pk=newest.pk).update(is_top=True, bundled=len(below) + 1)


def bundle(rows: Sequence[Notification]) -> None:
    """Put each new row on top of what waits unread about the same ticket. Call it where the agents are locked."""
    for row in rows:
        if row.ticket_id is None or not row.in_bell:
            continue
        below = Notification.objects.in_bell().unread()
        below = below.filter(agent=row.agent_id, ticket=row.ticket_id, pk__lt=row.pk)
        count = below.aggregate(count=Sum("bundled"))["count"]
        if count:
            below.update(is_top=False)
            row.bundled = count + 1
            row.save(update_fields=["bundled"])
