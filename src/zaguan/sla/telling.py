"""Say that a target is near or was missed: once per clock, on its ticket and on those that wait for it."""

from __future__ import annotations

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.sla.choosing import versions
from zaguan.sla.events import LinkedTargetMissed, TargetMissed, TargetNear
from zaguan.sla.rows import Row
from zaguan.tickets import reference
from zaguan.tickets.categories import Category
from zaguan.tickets.models import Link, Ticket


def tell_near(clock: Row) -> None:
    """It comes due soon."""
    length = clock.seconds or 1
    version = versions.get(clock.version_id)
    target = version.terms.target(clock.kind) if version else None
    share = (target.warned_after(length) or 0) * 100 // length if target else 0
    record(
        TargetNear(
            ticket_id=clock.ticket_id,
            clock_id=clock.id,
            target=clock.kind,
            policy_id=clock.policy_id,
            due_at=_iso(clock),
            share=share,
            waiting=waiting_for(clock.ticket_id),
        ),
        by=SYSTEM,
    )


def tell_missed(clock: Row) -> None:
    """It was missed; conversations that wait for this back-office ticket hear of it too."""
    waiting = waiting_for(clock.ticket_id)
    record(
        TargetMissed(
            ticket_id=clock.ticket_id,
            clock_id=clock.id,
            target=clock.kind,
            policy_id=clock.policy_id,
            due_at=_iso(clock),
            waiting=waiting,
        ),
        by=SYSTEM,
    )
    for number in waiting:
        record(
            LinkedTargetMissed(
                ticket_id=number, other_id=clock.ticket_id, target=clock.kind, due_at=_iso(clock)
            ),
            by=SYSTEM,
        )


def waiting_for(number: int) -> list[int]:
    """The conversations for which a back-office ticket was opened."""
    row = Ticket.objects.filter(pk=number).values_list("type_id", flat=True).first()
    kind = reference.types.get(row)
    if kind is None or kind.category != Category.BACK_OFFICE:
        return []
    links = Link.objects.filter(kind=Link.Kind.BACK_OFFICE, target_id=number)
    return list(links.values_list("source_id", flat=True))


def _iso(clock: Row) -> str:
    moment = clock.missed_at or clock.due_at
    return moment.isoformat() if moment else ""
