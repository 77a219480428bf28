"""A rule that the brake stopped: it stays stopped until somebody switches it on, and then forgets nothing."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.utils.translation import override

from zaguan.automation.braking import brake
from zaguan.automation.firing import fire_due
from zaguan.automation.held_back import kept, said
from zaguan.automation.models import Rule
from zaguan.automation.rules import set_active
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.automation.tests.test_rule_times import MONDAY, TAG, _after, _tags
from zaguan.events.models import EventRecord
from zaguan.notifications.models import Notification
from zaguan.notifications.wording import sentence
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.history import entry_of


def test_what_came_due_while_it_stood_still_is_looked_at_when_it_goes_on(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        rule = make_rule(world, when=_after(1, "hours", "opened"), steps=TAG, catches_up=True)
        ticket = make_ticket(world)
        work()
        brake(rule, ticket.pk, kept("often", count=3))
        clock.shift(timedelta(hours=2))
        fire_due()
        assert _tags(ticket) == set()
        set_active(world.bo, rule, True, by=world.bo)
        work()
        fire_due()
        assert _tags(ticket) == {"silent"}


def test_why_it_was_stopped_is_told_in_the_readers_language(world: World) -> None:
    rule = make_rule(world, name="Bucle", when=[{"trigger": "note_written"}], steps=TAG)
    ticket = make_ticket(world)
    brake(rule, ticket.pk, kept("often_on_ticket", count=50, number=ticket.pk))
    row, fresh = Notification.objects.filter(agent=world.bo).get(), Rule.objects.get(pk=rule.pk)
    with override("en"):
        braked = entry_of(EventRecord.objects.get(kind="automation.RuleBraked"), world.bo)
        assert braked is not None
        for text in (sentence(row), fresh.why_braked, braked.sentence):
            assert f"acted 50 times in a minute on ticket {ticket.pk}." in text


def test_why_a_rule_was_held_back_is_told_in_the_readers_language(world: World) -> None:
    reason = kept("depth", count=5)
    with override("en"):
        assert said(reason) == "Rules had caused one another 5 times."
    with override("es"):
        assert said(reason) != "Rules had caused one another 5 times."
    assert said("Somebody refused it.") == "Somebody refused it."
