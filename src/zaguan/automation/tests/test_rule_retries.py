"""A reaction that is run again, after a crash or beside a rule that fails: as if it had been run once."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.automation import triggering
from zaguan.automation.acting import act
from zaguan.automation.models import Rule, RuleRun
from zaguan.automation.tests.rule_makers import make_rule
from zaguan.automation.triggering import react_to
from zaguan.events.models import EventRecord
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

OPENED = [{"trigger": "ticket_opened"}]
IMPORTANT = [{"action": "set_important", "values": {"important": True}}]


def _tagging(tag: str) -> list[dict[str, Any]]:
    return [{"action": "add_tags", "values": {"tags": [tag]}}]


def _opened(world: World) -> EventRecord:
    return EventRecord.objects.get(ticket_id=make_ticket(world).pk, kind="tickets.TicketOpened")


def test_a_rule_that_stops_the_others_stops_them_also_the_second_time(world: World) -> None:
    """What it changed makes its own filter miss the ticket; those below must not take that for their turn."""
    make_rule(world, name="A", when=OPENED, query="-is:important", steps=IMPORTANT, stops=True)
    make_rule(world, name="B", when=OPENED, steps=_tagging("never"))
    opened = _opened(world)
    react_to(opened.pk)
    react_to(opened.pk)
    assert [run.rule.name for run in RuleRun.objects.select_related("rule")] == ["A"]
    assert not Ticket.objects.get(pk=opened.ticket_id or 0).tags.exists()


def test_a_rule_above_that_failed_acts_the_second_time_and_those_below_stay_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rule(world, name="A", when=OPENED, steps=_tagging("first"))
    make_rule(world, name="B", when=OPENED, query="-is:important", steps=IMPORTANT, stops=True)
    make_rule(world, name="C", when=OPENED, steps=_tagging("never"))
    opened = _opened(world)

    def failing(rule: Rule, *given: Any) -> Any:
        if rule.name == "A":
            raise OSError("the disk is full")
        return act(rule, *given)

    with monkeypatch.context() as once:
        once.setattr(triggering, "act", failing)
        with pytest.raises(OSError, match="disk"):
            react_to(opened.pk)
    react_to(opened.pk)
    assert {run.rule.name for run in RuleRun.objects.select_related("rule")} == {"A", "B"}
