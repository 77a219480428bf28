"""The rows of one ticket's history."""

from __future__ import annotations

from django.db.models import QuerySet

from zaguan.events.models import EventRecord


def events_of(ticket_id: int) -> QuerySet[EventRecord]:
    """Every event of a ticket; ask only for one that the reader may know of."""
    return EventRecord.objects.filter(ticket_id=ticket_id)
