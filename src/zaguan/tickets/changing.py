"""The one way to write a ticket: lock it, check the version that was read, count it up."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.lib.errors import Conflict, Refused
from zaguan.lib.prepared import PreparedRows
from zaguan.lib.statements import update
from zaguan.tickets import reference
from zaguan.tickets.models import Phase, Ticket


def lock(ticket: Ticket | int, *, version: int | None = None, ignore: tuple[str, ...] = ()) -> Ticket:
    """The ticket, locked until the transaction ends.

    Raises Conflict with what happened since when `version` is given and is no longer the ticket's (R13).
    """
    number = ticket if isinstance(ticket, int) else ticket.pk
    fresh = _locked(number)
    if version is not None and version != fresh.version:
        raise Conflict(
            _("This ticket changed while you were working on it."),
            changes=changes_since(fresh, version),
            version=fresh.version,
        )
    return fresh


# Every write begins with it, thousands of them in a change of many tickets: its SQL is made once.
_row = PreparedRows(lambda number: Ticket.objects.select_for_update().filter(pk=number))


def _locked(number: int) -> Ticket:
    rows = _row(number)
    if not rows:
        raise Ticket.DoesNotExist
    fresh: Ticket = rows[0]
    status = reference.statuses.all().get(fresh.status_id)
    if status is not None:
        fresh.status = status
    return fresh


def changes_since(ticket: Ticket, version: int) -> list[dict[str, Any]]:
    """What happened after `version`, newest first: each version is one event row."""
    behind = max(ticket.version - version, 1)
    rows = EventRecord.objects.filter(ticket_id=ticket.pk).order_by("-id")[: min(behind, 20)]
    return [
        {"event": r.pk, "kind": r.kind, "at": r.at, "by": {"kind": r.actor_kind, "id": r.actor_id}, **r.data}
        for r in rows
    ]


def refuse_closed(ticket: Ticket) -> None:
    """A closed ticket is a record: it can be read, linked and followed up, not changed. Nor is one out of sight."""
    if ticket.is_hidden:
        raise Refused(_("Ticket %(number)s is no longer there.") % {"number": ticket.pk})
    if ticket.phase == Phase.CLOSED:
        raise Refused(_("Ticket %(number)s is closed. Open a follow-up instead.") % {"number": ticket.pk})


def store(ticket: Ticket, *fields: str) -> None:
    """Write the named columns and count the version up; one call per recorded event."""
    ticket.version += 1
    ticket.updated_at = timezone.now()
    update(ticket, *fields, "version", "updated_at")
