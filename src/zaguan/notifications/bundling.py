"""Unread notifications about one ticket are one line in the bell: the newest stands for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from zaguan.notifications.models import Notification


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
