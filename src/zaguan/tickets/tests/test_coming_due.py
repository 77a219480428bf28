"""What the clock brings, when something is wrong with one ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.events.base import SYSTEM
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets import coming_due
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status, wake_snoozed

pytestmark = pytest.mark.django_db


def test_a_ticket_that_fails_holds_up_nobody_behind_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [make_ticket(world), make_ticket(world)]
    for ticket in tickets:
        until = timezone.now() + timedelta(hours=1)
        set_status(ticket, default_status(Phase.SNOOZED), by=SYSTEM, until=until)
    Ticket.objects.update(snoozed_until=timezone.now())

    def fail(number: int) -> bool:
        if number == tickets[0].pk:
            raise ValueError("something is wrong with this one")
        return wake_snoozed(number)

    monkeypatch.setattr(coming_due, "wake_snoozed", fail)
    assert coming_due.wake_and_close_due() == 1
    assert Ticket.objects.get(pk=tickets[1].pk).phase == Phase.OPEN
