"""Rules as they are kept: versions, what is refused when they are saved, who may."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.automation.models import RuleVersion
from zaguan.automation.rules import restore_version, save_rule, set_active
from zaguan.automation.tests.rule_makers import make_rule
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.events import SettingChanged
from zaguan.testing.world import World

OPENED = [{"trigger": "ticket_opened"}]
IMPORTANT = [{"action": "set_important", "values": {"important": True}}]


def test_each_change_is_a_version_and_an_event_and_can_be_taken_back(world: World) -> None:
    rule = make_rule(world, when=OPENED, query="team:Support", steps=IMPORTANT)
    first = rule.version
    changed = save_rule(
        world.bo,
        rule,
        name="Otra",
        when=OPENED,
        query="team:Sales",
        steps=IMPORTANT,
        version=first,
        by=world.bo,
    )
    assert (changed.version, changed.is_active) == (first + 1, True)
    with pytest.raises(Conflict):
        save_rule(world.bo, rule, name="X", when=OPENED, steps=IMPORTANT, version=first, by=world.bo)
    back = restore_version(world.bo, rule, first, by=world.bo)
    assert (back.query, back.name, back.is_active) == ("team:Support", rule.name, True)
    version = RuleVersion.objects.get(rule=rule, number=first + 2)
    assert (version.agent, version.restored_from) == (world.bo, first)
    events = EventRecord.objects.filter(kind=SettingChanged.kind, data__what="rule", data__id=rule.pk)
    assert events.count() == back.version


def test_saving_the_same_again_is_no_change(world: World) -> None:
    rule = make_rule(world, when=OPENED, steps=IMPORTANT)
    again = save_rule(world.bo, rule, name=rule.name, when=OPENED, steps=IMPORTANT, by=world.bo)
    assert again.version == rule.version


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"query": "assignee:me"}, "query"),
        ({"query": "team:mine"}, "query"),
        ({"query": "is:unread"}, "query"),
        ({"query": "impresora"}, "query"),
        ({"query": "colour:red"}, "query"),
        ({"when": []}, "when"),
        ({"when": [{"trigger": "moon"}]}, "when"),
        ({"conditions": [{"condition": "mood"}]}, "conditions"),
        ({"steps": []}, "steps"),
        ({"steps": [{"action": "assign", "values": {"assignee": "me"}}]}, "steps"),
        ({"steps": [{"action": "follow", "values": {"agent": "me"}}]}, "steps"),
        ({"steps": [{"action": "note", "values": {"text": "{{agent.name}}"}}]}, "steps"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_saved(
    world: World, changes: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"when": OPENED, "steps": IMPORTANT}
    with pytest.raises(Refused) as refused:
        make_rule(world, **(given | changes))
    assert refused.value.field == field


def test_the_author_needs_the_permission_of_each_action(world: World) -> None:
    with pytest.raises(Refused):
        save_rule(world.rita, None, name="R", when=OPENED, steps=IMPORTANT, by=world.rita)
    rule = make_rule(world, when=OPENED, steps=IMPORTANT, active=False)
    with pytest.raises(Refused):
        set_active(world.rita, rule, True, by=world.rita)
