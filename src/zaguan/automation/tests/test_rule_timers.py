"""Timers of rules about time: none for what had passed before anybody wanted it, and many in one go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from zaguan.automation import firing
from zaguan.automation.firing import fire_due
from zaguan.automation.models import RuleTimer
from zaguan.automation.rule_book import book
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.automation.tests.test_rule_times import MONDAY, TAG, _after, _tags
from zaguan.automation.timers import set_timers
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World


@pytest.mark.parametrize(("catches_up", "tags"), [(False, set()), (True, {"silent"})])
def test_what_had_passed_before_a_rule_was_switched_on_is_left_alone(
    world: World, catches_up: bool, tags: set[str]
) -> None:
    """Also when something happens to the ticket before the worker has come to it in planning."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = make_ticket(world)
        work()
        clock.shift(timedelta(days=30))
        make_rule(world, when=_after(3, "days", "opened"), steps=TAG, catches_up=catches_up)
        set_timers(ticket.pk, "tickets.FieldsChanged", book().timed)
        fire_due()
        work()
        fire_due()
        assert _tags(ticket) == tags


def test_all_that_is_due_is_looked_at_in_one_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a part every few seconds: what came due a year ago must not hold up what is due now."""
    monkeypatch.setattr(firing, "AT_ONCE", 2)
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(1, "hours", "opened"), steps=TAG)
        tickets = [make_ticket(world) for _number in range(5)]
        work()
        clock.shift(timedelta(hours=2))
        assert fire_due() == 5
        assert all(_tags(ticket) == {"silent"} for ticket in tickets)


def test_a_timer_that_fails_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "AT_ONCE", 1)
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(1, "hours", "opened"), steps=TAG)
        bad, good = make_ticket(world), make_ticket(world)
        work()
        clock.shift(timedelta(hours=2))
        fits = firing._fits
        monkeypatch.setattr(
            firing, "_fits", lambda rule, fact: 1 / 0 if fact.ticket_id == bad.pk else fits(rule, fact)
        )
        assert fire_due() == 2
        assert _tags(good) == {"silent"}
        assert RuleTimer.objects.get(ticket=bad).at == timezone.now() + timedelta(minutes=5)
