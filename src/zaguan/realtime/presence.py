"""Who else is looking at a ticket or typing in it; kept in the database, so that every process knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.waking import wake_after_commit
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.realtime.models import Presence
from zaguan.tickets.models import Ticket

# A page says every 20 seconds that it is still there.
STAYS = timedelta(seconds=50)
# Rows may become visible a little later than their time says.
OVERLAP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Present:
    """An agent at a ticket, and whether they type."""

    agent: Agent
    typing: bool


@transaction.atomic
def note(agent: Agent, ticket: Ticket, state: str) -> None:
    """Remember what an agent does at a ticket: "looking", "typing" or "left"."""
    if state not in Presence.State.values:
        raise Refused(_("Presence is looking, typing or left."), field="state")
    now = timezone.now()
    known = Presence.objects.filter(agent=agent, ticket=ticket).first()
    if known and known.state == state and known.until > now:
        Presence.objects.filter(pk=known.pk).update(until=now + STAYS)
        return
    row = Presence(agent=agent, ticket=ticket, state=state, until=now + STAYS, changed_at=now)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["agent", "ticket"],
        update_fields=["state", "until", "changed_at"],
    )
    wake_after_commit()


def who(ticket_id: int, *, besides: Agent | None = None) -> list[Present]:
    """Those who are there now, those who type first."""
    there = Presence.objects.filter(ticket_id=ticket_id, until__gt=timezone.now())
    there = there.exclude(state=Presence.State.LEFT).exclude(agent=besides).select_related("agent")
    found = [Present(row.agent, row.state == Presence.State.TYPING) for row in there]
    return sorted(found, key=lambda each: (not each.typing, each.agent.name))


@transaction.atomic
def expire() -> int:
    """Those who vanished without a word have left; old rows are deleted. Returns how many left."""
    now = timezone.now()
    Presence.objects.filter(state=Presence.State.LEFT, changed_at__lt=now - timedelta(hours=1)).delete()
    vanished = Presence.objects.filter(until__lt=now).exclude(state=Presence.State.LEFT)
    count = vanished.update(state=Presence.State.LEFT, changed_at=now)
    if count:
        wake_after_commit()
    return count


class PresenceFollower:
    """Tells which tickets' presence has changed since the last call."""

    def __init__(self) -> None:
        self._since = timezone.now()
        self._told: dict[int, datetime] = {}

    def changed(self) -> set[int]:
        """Ids of tickets."""
        start = self._since - OVERLAP
        rows = Presence.objects.filter(changed_at__gt=start).values_list("pk", "changed_at", "ticket_id")
        fresh = [row for row in rows if self._told.get(row[0]) != row[1]]
        self._told = {pk: at for pk, at, _ticket in rows}
        self._since = max([self._since, *(at for _pk, at, _ticket in fresh)])
        return {ticket_id for _pk, _at, ticket_id in fresh}
