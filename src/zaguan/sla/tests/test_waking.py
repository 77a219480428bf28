"""What comes due for many tickets, when something is wrong with one of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from zaguan.sla import waking
from zaguan.sla.models import Clock
from zaguan.sla.telling import tell_missed
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-11-16T10:00:00+00:00")


def test_a_ticket_that_cannot_be_told_holds_up_nobody_else_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_policy(target("first", 1))
    tell = tell_missed
    with time_machine.travel(MONDAY, tick=False) as clock:
        broken, fine = make_ticket(world), make_ticket(world)

        def fail(row: Any) -> None:
            if row.ticket_id == broken.pk:
                raise ValueError("something is wrong with this one")
            tell(row)

        clock.shift(timedelta(hours=1, minutes=1))
        monkeypatch.setattr(waking, "tell_missed", fail)
        waking.wake_due()
        assert (clocks(broken)["first"].state, clocks(fine)["first"].state) == ("running", "breached")
        assert not waking.wake_due(), "it is left alone for a while"
        clock.shift(waking.LATER + timedelta(seconds=1))
        monkeypatch.setattr(waking, "tell_missed", tell)
        waking.wake_due()
    first = clocks(broken)["first"]
    assert (first.state, first.missed_at) == ("breached", MONDAY + timedelta(hours=1))
    assert not Clock.objects.exclude(wake_at=None).exists()
