"""What was told of a ticket that was merged away, and wishes that would do nothing."""

from __future__ import annotations

import pytest

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.notifications.models import Notification
from zaguan.notifications.reading import unread_tickets
from zaguan.notifications.sending import notify
from zaguan.notifications.tests.test_telling import worked
from zaguan.notifications.wishing import wish, wishes_of
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.moving_events import TicketMergedAway

pytestmark = pytest.mark.django_db


def test_after_a_merge_the_bell_has_one_line_for_the_ticket_that_stays(world: World) -> None:
    gone, stays = make_ticket(world), make_ticket(world)
    for ticket, text in ((gone, "Uno"), (stays, "Dos"), (gone, "Tres")):
        notify([world.ana], kind="rule", ticket_id=ticket.pk, text=text)
    assert unread_tickets(world.ana) == [gone.pk, stays.pk]
    record(TicketMergedAway(ticket_id=gone.pk, into=stays.pk), by=SYSTEM)
    worked()
    assert unread_tickets(world.ana) == [stays.pk]
    top = Notification.objects.in_bell().get(agent=world.ana)
    assert (top.pieces["text"], top.bundled) == ("Tres", 3)


def test_quiet_hours_without_a_day_are_refused(world: World) -> None:
    """Else somebody believes to sleep in peace, and does not."""
    with pytest.raises(Refused):
        wish(world.ana, by=world.ana, quiet=True)
    assert not wishes_of(world.ana.pk).quiet
    wish(world.ana, by=world.ana, quiet=True, quiet_days=[5, 6])
    with pytest.raises(Refused):
        wish(world.ana, by=world.ana, quiet_days=[])
