"""Tickets that belong together; each end's history says so."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zaguan.events.recording import record
from zaguan.tickets.events import TicketLinked
from zaguan.tickets.models import Link, Ticket


@transaction.atomic
def link(source: Ticket, target: Ticket, kind: str, *, by: Any) -> Link:
    """Link two tickets; `target` follows up, or is related to, `source`. Linking again changes nothing."""
    found, made = Link.objects.get_or_create(kind=kind, source=source, target=target)
    if made:
        record(TicketLinked(ticket_id=source.pk, kind_of_link=kind, other_id=target.pk, outwards=True), by=by)
        record(
            TicketLinked(ticket_id=target.pk, kind_of_link=kind, other_id=source.pk, outwards=False), by=by
        )
    return found
