"""The rules that come with the product: off, readable, free of circles, and they do what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from zaguan.automation.firing import fire_due
from zaguan.automation.loops import circles_with
from zaguan.automation.models import Rule, RuleVersion
from zaguan.automation.rule_defaults import RULES, built_in
from zaguan.automation.rule_words import in_words, problems_of
from zaguan.automation.rules import set_active
from zaguan.automation.tests.rule_makers import work
from zaguan.conversations.models import Message
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.statuses import rules as choices

KEYS = [given["key"] for given in RULES]


def test_they_are_there_and_off(world: World) -> None:
    shipped = {rule.key: rule for rule in Rule.objects.exclude(key="")}
    assert set(shipped) == set(KEYS)
    for rule in shipped.values():
        assert not rule.is_active
        assert set(rule.names) == {"es", "en", "pt"}
        assert RuleVersion.objects.get(rule=rule).number == rule.version == 1


@pytest.mark.parametrize("key", KEYS)
def test_each_can_be_switched_on_as_it_is(world: World, key: str) -> None:
    rule = Rule.objects.get(key=key)
    assert problems_of(rule) == []
    assert len(str(in_words(rule))) > 20
    assert set_active(world.bo, rule, True, by=world.bo).is_acting


def test_all_of_them_together_make_no_circle(world: World) -> None:
    every = list(Rule.objects.exclude(key=""))
    assert [circles_with(rule, every) for rule in every] == [[] for _rule in every]


def test_a_customer_who_does_not_answer_is_reminded_once_and_then_the_ticket_closes(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False) as clock:
        for key in ("remind_customer", "close_silent"):
            set_active(world.bo, Rule.objects.get(key=key), True, by=world.bo)
        work()
        ticket, _message = make_question(world)
        waiting = Status.objects.filter(phase="customer").first()
        reply(ticket, Outgoing(html="<p>¿Qué modelo es?</p>", status=waiting), by=world.ana)
        work()
        reminders = Message.objects.filter(ticket=ticket, is_automatic=True, direction="out")
        for day in range(1, 9):
            clock.shift(timedelta(days=1, seconds=1))
            fire_due()
            work()
            assert reminders.count() == (day >= 3)
            assert Ticket.objects.get(pk=ticket.pk).phase == ("closed" if day >= 7 else "customer")


def test_what_needs_no_rule_is_said(world: World) -> None:
    desk = choices()
    for hours in (0, 48):
        desk.close_after_hours = hours
        desk.save()
        found = {each.key: each.is_active for each in built_in()}
        assert found == {"reopen": True, "auto_close": bool(hours)}
