"""Rules about time: due rows instead of sweeps, asked again when due, once for each moment they count from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from zaguan.automation.firing import fire_due
from zaguan.automation.models import RuleRun, RuleTimer
from zaguan.automation.rules import delete_rule, save_rule, set_active
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.conversations.events import MessageReceived
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.promising import set_promise
from zaguan.tickets.statuses import set_status
from zaguan.tickets.trash import restore, trash

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
TAG = [{"action": "add_tags", "values": {"tags": ["silent"]}}]


def _after(amount: int, unit: str, base: str, **more: Any) -> list[dict[str, Any]]:
    return [{"trigger": "time_passed", "values": {"amount": amount, "unit": unit, "base": base} | more}]


def _tags(ticket: Ticket) -> set[str]:
    return {tag.name for tag in Ticket.objects.get(pk=ticket.pk).tags.all()}


def _customer_writes(ticket: Ticket, world: World) -> None:
    from django.db import transaction

    with transaction.atomic():
        message = make_message(ticket, world)
        Ticket.objects.filter(pk=ticket.pk).update(last_customer_at=timezone.now())
        event = MessageReceived(ticket_id=ticket.pk, message_id=message.pk, channel="email")
        record(event, by=world.dan)


def test_three_days_after_the_customers_last_message(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(3, "days", "last_customer"), steps=TAG)
        work()
        ticket = make_ticket(world)
        _customer_writes(ticket, world)
        work()
        clock.shift(timedelta(days=2))
        _customer_writes(ticket, world)
        work()
        clock.shift(timedelta(days=1, seconds=1))
        assert fire_due() == 0
        clock.shift(timedelta(days=2))
        assert fire_due() == 1
        assert _tags(ticket) == {"silent"}
        assert fire_due() == 0
        run = RuleRun.objects.get()
        assert run.moment == MONDAY + timedelta(days=2)
        assert run.event_id is None


def test_conditions_are_asked_when_it_is_due_and_again_when_the_ticket_changes(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(1, "hours", "opened"), query="is:waiting", steps=TAG)
        ticket = make_ticket(world)
        work()
        clock.shift(timedelta(hours=2))
        assert fire_due() == 1
        assert _tags(ticket) == set()
        assert fire_due() == 0
        waiting = Status.objects.filter(phase="customer").first()
        assert waiting is not None
        set_status(ticket, waiting, by=world.ana)
        work()
        assert fire_due() == 1
        assert _tags(ticket) == {"silent"}


def test_before_a_promise_and_once_for_each_promise(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(
            world,
            when=_after(2, "hours", "promise", side="before"),
            steps=[{"action": "note", "values": {"text": "Ya"}}],
        )
        ticket = make_ticket(world)
        set_promise(ticket, MONDAY + timedelta(hours=5), by=world.ana)
        work()
        clock.shift(timedelta(hours=3))
        assert fire_due() == 1
        work()
        assert fire_due() == 0
        set_promise(ticket, MONDAY + timedelta(hours=10), by=world.ana, reason="tarda")
        work()
        assert fire_due() == 0
        clock.shift(timedelta(hours=5))
        assert fire_due() == 1
        assert RuleRun.objects.count() == 2


def test_working_time_counts_by_the_calendar(world: World) -> None:
    from zaguan.sla.business_time import add
    from zaguan.sla.calendars import calendar_of_team, hours_of

    with time_machine.travel(datetime(2026, 11, 27, 22, tzinfo=UTC), tick=False):
        make_rule(world, when=_after(2, "hours", "opened", working=True), steps=TAG)
        ticket = make_ticket(world)
        work()
        hours = hours_of(calendar_of_team(ticket.team_id))
        assert RuleTimer.objects.get().at == add(hours, ticket.created_at, 7200)


@pytest.mark.parametrize("catches_up", [False, True])
def test_switching_on_looks_at_tickets_that_are_there(world: World, catches_up: bool) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        old = make_ticket(world)
        clock.shift(timedelta(hours=3))
        new = make_ticket(world)
        make_rule(world, when=_after(2, "hours", "opened"), steps=TAG, catches_up=catches_up)
        work()
        fire_due()
        assert _tags(old) == ({"silent"} if catches_up else set())
        clock.shift(timedelta(hours=3))
        fire_due()
        assert _tags(new) == {"silent"}
        assert _tags(old) == ({"silent"} if catches_up else set())


def test_a_rule_that_is_changed_switched_off_or_deleted_waits_for_nothing(world: World) -> None:
    ticket = make_ticket(world)
    rule = make_rule(world, when=_after(2, "hours", "opened"), steps=TAG)
    work()
    assert RuleTimer.objects.get().at == ticket.created_at + timedelta(hours=2)
    save_rule(world.bo, rule, name="R", when=_after(3, "hours", "opened"), steps=TAG, by=world.bo)
    work()
    assert RuleTimer.objects.get().at == ticket.created_at + timedelta(hours=3)
    set_active(world.bo, rule, False, by=world.bo)
    assert not RuleTimer.objects.exists()
    set_active(world.bo, rule, True, by=world.bo)
    work()
    assert RuleTimer.objects.count() == 1
    delete_rule(rule, by=world.bo)
    assert not RuleTimer.objects.exists()


def test_closed_tickets_are_left_alone(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(2, "hours", "opened"), steps=TAG)
        ticket = make_ticket(world)
        work()
        set_status(ticket, Status.objects.get(phase="closed", is_default=True), by=world.ana)
        work()
        clock.shift(timedelta(hours=3))
        assert fire_due() == 0


def test_looking_for_what_is_due_costs_one_question(world: World, django_assert_num_queries: Any) -> None:
    make_rule(world, when=_after(2, "hours", "opened"), steps=TAG)
    for _number in range(5):
        make_ticket(world)
    work()
    with django_assert_num_queries(1):
        assert fire_due() == 0


def test_a_ticket_that_comes_back_from_the_trash_is_looked_at(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_rule(world, when=_after(1, "hours", "opened"), steps=TAG)
        ticket = make_ticket(world)
        work()
        trash(ticket, by=world.bo)
        work()
        clock.shift(timedelta(hours=2))
        fire_due()
        restore(ticket.pk, by=world.bo)
        work()
        fire_due()
        assert _tags(ticket) == {"silent"}


def test_two_lengths_of_time_from_one_moment_are_two_rules(world: World) -> None:
    """A rule acts once for what it counts from: the second would never have its turn."""
    twice = _after(1, "days", "opened") + _after(3, "days", "opened")
    with pytest.raises(Refused, match="apertura"):
        make_rule(world, when=twice, steps=TAG)
    make_rule(world, when=_after(1, "days", "opened") + _after(3, "days", "last_customer"), steps=TAG)
