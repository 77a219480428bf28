"""Rules that would go round in circles: found before, cut while they run, and braked (R19)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaguan.automation import braking, loops
from zaguan.automation.causes import MOST_DEPTH
from zaguan.automation.loops import circles_with
from zaguan.automation.models import Rule, RuleRun
from zaguan.automation.rule_effects import Effect
from zaguan.automation.rules import save_rule, set_active
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.events.models import EventRecord, Job
from zaguan.lib.errors import Refused
from zaguan.notifications.models import Notification
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Ticket

FIELDS = [{"trigger": "field_changed"}]
TAGS = [{"trigger": "tags_changed"}]
ON, OFF = ([{"action": "set_important", "values": {"important": yes}}] for yes in (True, False))
NOTE = [{"action": "note", "values": {"text": "Otra vez"}}]


def test_a_rule_that_starts_itself_is_refused_by_name(world: World) -> None:
    rule = make_rule(world, name="Eco", when=[{"trigger": "note_written"}], steps=NOTE, active=False)
    with pytest.raises(Refused, match="Eco") as refused:
        set_active(world.bo, rule, True, by=world.bo)
    assert refused.value.field == "loop"


def test_one_sets_what_the_other_resets(world: World) -> None:
    make_rule(world, name="Sube", when=FIELDS, steps=ON)
    other = make_rule(world, name="Baja", when=FIELDS, steps=OFF, active=False)
    with pytest.raises(Refused, match=r"Baja.*Sube"):
        set_active(world.bo, other, True, by=world.bo)
    assert set_active(world.bo, other, True, by=world.bo, despite_loops=True).is_active


def test_an_active_rule_may_not_be_changed_into_a_circle(world: World) -> None:
    rule = make_rule(world, when=TAGS, steps=NOTE)
    with pytest.raises(Refused) as refused:
        save_rule(world.bo, rule, name="R", when=[{"trigger": "note_written"}], steps=NOTE, by=world.bo)
    assert refused.value.field == "loop"


def test_a_value_that_is_set_for_good_is_no_circle(world: World) -> None:
    assert make_rule(world, when=FIELDS, steps=ON).is_active


def test_what_the_change_must_be_tells_rules_apart(world: World) -> None:
    subject = [{"condition": "field_is", "values": {"field": "subject"}}]
    make_rule(world, when=FIELDS, conditions=subject, steps=ON)
    assert make_rule(world, when=FIELDS, conditions=subject, steps=OFF).is_active


def test_three_in_a_circle_are_named(world: World) -> None:
    def tagged(name: str, heard: str, put: str) -> Rule:
        conditions = [{"condition": "tag_added", "values": {"tags": [heard]}}]
        steps = [
            {"action": "add_tags", "values": {"tags": [put]}},
            {"action": "remove_tags", "values": {"tags": [heard]}},
        ]
        return make_rule(world, name=name, when=TAGS, conditions=conditions, steps=steps, active=False)

    rules = [tagged("A", "a", "b"), tagged("B", "b", "c"), tagged("C", "c", "a")]
    found = circles_with(rules[0], rules[1:])
    assert [rule.name for rule in found[0].rules] == ["A", "B", "C"]


def test_two_that_set_and_reset_end_by_themselves(world: World) -> None:
    make_rule(world, name="Sube", when=FIELDS, steps=ON)
    make_rule(world, name="Baja", when=FIELDS, steps=OFF, despite_loops=True)
    ticket = make_ticket(world)
    edit(ticket, by=world.ana, subject="Otro")
    work()
    assert RuleRun.objects.filter(outcome="done").count() <= 2
    assert not Job.objects.exists()


def test_a_chain_is_cut_at_its_depth(world: World) -> None:
    for number in range(MOST_DEPTH + 3):
        make_rule(
            world,
            name=f"R{number}",
            when=TAGS,
            conditions=[{"condition": "tag_added", "values": {"tags": [f"t{number}"]}}],
            steps=[{"action": "add_tags", "values": {"tags": [f"t{number + 1}"]}}],
        )
    from zaguan.tickets.editing import retag, tag_named

    ticket = make_ticket(world)
    retag(ticket, by=world.ana, add=[tag_named("t0")])
    work()
    assert {tag.name for tag in ticket.tags.all()} == {f"t{n}" for n in range(MOST_DEPTH + 1)}
    stopped = RuleRun.objects.get(outcome="stopped")
    assert stopped.depth == MOST_DEPTH
    assert stopped.reason


def test_circles_are_found_while_somebody_types(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 200 rules about tags: what is compared grows with the rules, not with their square."""
    compared: list[Any] = []
    starts = loops._starts

    def counted(effect: Effect, rule: Rule) -> bool:
        compared.append(rule)
        return starts(effect, rule)

    monkeypatch.setattr(loops, "_starts", counted)

    def rule(number: int) -> Rule:
        return Rule(
            pk=number,
            name=f"R{number}",
            when=TAGS,
            conditions=[{"condition": "tag_added", "values": {"tags": [f"t{number}"]}, "not": False}],
            steps=[{"action": "add_tags", "values": {"tags": [f"t{number + 1}"]}}],
        )

    every = [rule(number) for number in range(200)]
    assert circles_with(every[0], every) == []
    assert len(compared) <= 400


def test_a_rule_that_acts_too_often_is_braked_and_tells_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(braking, "MOST_ON_TICKET", 3)
    rule = make_rule(world, when=FIELDS, steps=NOTE)
    ticket = make_ticket(world)
    for number in range(6):
        edit(ticket, by=world.ana, subject=f"Asunto {number}")
        work()
    assert ticket.messages.count() == 3
    fresh = Rule.objects.get(pk=rule.pk)
    assert fresh.braked_at is not None
    assert not fresh.is_acting
    assert EventRecord.objects.filter(kind="automation.RuleBraked", ticket_id=ticket.pk).count() == 1
    assert Notification.objects.filter(agent=world.bo, kind="paused").count() == 1
    again = set_active(world.bo, rule, True, by=world.bo)
    assert again.is_acting


_CHANGES = st.sampled_from(["tags", "fields", "note"])
_RULE = st.tuples(
    _CHANGES,
    st.sampled_from(["on", "off", "tag", "untag", "note", "category"]),
    st.booleans(),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(_RULE, min_size=1, max_size=5))
def test_whatever_the_rules_it_ends_and_each_acts_once_for_each_cause(
    world: World, rules: list[tuple[str, str, bool]]
) -> None:
    from django.db import transaction

    try:
        with transaction.atomic():
            _storm(world, rules)
            transaction.set_rollback(True)
    finally:
        from zaguan.automation import rule_book

        rule_book.forget()


def _storm(world: World, rules: list[tuple[str, str, bool]]) -> None:
    when = {"tags": TAGS, "fields": FIELDS, "note": [{"trigger": "note_written"}]}
    steps: dict[str, list[dict[str, Any]]] = {
        "on": ON,
        "off": OFF,
        "tag": [{"action": "add_tags", "values": {"tags": ["x"]}}],
        "untag": [{"action": "remove_tags", "values": {"tags": ["x"]}}],
        "note": NOTE,
        "category": [{"action": "set_category", "values": {"category": ""}}],
    }
    for number, (heard, done, stops) in enumerate(rules):
        make_rule(
            world, name=f"R{number}", when=when[heard], steps=steps[done], stops=stops, despite_loops=True
        )
    ticket = make_ticket(world)
    edit(ticket, by=world.ana, subject="Otro")
    work(60)
    assert not Job.objects.exists()
    roots = RuleRun.objects.values_list("rule", "root_id")
    assert len(roots) == len(set(roots))
    assert all(depth <= MOST_DEPTH for depth in RuleRun.objects.values_list("depth", flat=True))
    assert Ticket.objects.get(pk=ticket.pk).messages.count() <= len(rules)
