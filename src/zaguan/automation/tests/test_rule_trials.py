"""The dry run: counts where a rule would have acted, tells the differences, and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps

from zaguan.automation.models import Rule, RuleTrial
from zaguan.automation.rules import checked_definition
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.automation.trying import begin_trial, stop_trial, trial_batch
from zaguan.conversations.canned import save_canned
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Status
from zaguan.tickets.statuses import set_status

OPENED = [{"trigger": "ticket_opened"}]
BESIDE = {"automation.RuleTrial", "events.Job"}


def _everything() -> dict[str, int]:
    models = [model for model in apps.get_models() if model._meta.label not in BESIDE]
    return {model._meta.label: model._default_manager.count() for model in models}


def _try(world: World, rule: Rule, last: int = 50) -> RuleTrial:
    trial = begin_trial(world.bo, rule, last=last)
    while trial_batch(trial.pk, 7):
        pass
    return RuleTrial.objects.get(pk=trial.pk)


def test_it_writes_nothing_and_sends_nothing(world: World) -> None:
    text = save_canned(world.bo, None, name="Acuse", text="Recibido.", everybody=True, by=world.bo)
    steps: list[dict[str, Any]] = [
        {"action": "send_template", "values": {"canned": text.pk}},
        {"action": "note", "values": {"text": "Nota"}},
        {"action": "add_tags", "values": {"tags": ["uno"]}},
        {"action": "set_important", "values": {"important": True}},
        {"action": "notify", "values": {"to": world.ana.email, "text": "Mira"}},
        {"action": "call_webhook", "values": {"url": "https://example.com/"}},
    ]
    rule = make_rule(world, when=OPENED, steps=steps, active=False)
    tickets = [make_question(world, external_id=f"q{n}@customer.example")[0] for n in range(10)]
    work()
    versions = [ticket.version for ticket in tickets]
    before = _everything()
    trial = _try(world, rule)
    assert (trial.state, trial.seen, trial.matched) == ("done", 10, 10)
    assert _everything() == before
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [ticket.version for ticket in tickets] == versions


def test_it_tells_the_differences_of_each_ticket(world: World) -> None:
    rule = make_rule(
        world,
        when=OPENED,
        query="team:Support",
        steps=[{"action": "set_team", "values": {"team": world.sales.pk}}],
        active=False,
    )
    ticket, _other = make_ticket(world), make_ticket(world, team=world.sales)
    trial = _try(world, rule)
    assert (trial.seen, trial.matched) == (2, 1)
    (hit,) = trial.found
    assert (hit["ticket"], hit["times"]) == (ticket.pk, 1)
    assert [(each["old"], each["new"]) for each in hit["differences"]] == [("Support", "Sales")]


def test_changes_are_judged_as_they_were_recorded(world: World) -> None:
    waiting = Status.objects.filter(phase="customer").first()
    opened = Status.objects.get(phase="open", is_default=True)
    assert waiting is not None
    rule = make_rule(
        world,
        when=[{"trigger": "status_changed"}],
        conditions=[{"condition": "status_to", "values": {"row": waiting.pk}}],
        steps=[{"action": "add_tags", "values": {"tags": ["uno"]}}],
        active=False,
    )
    ticket = make_ticket(world)
    make_ticket(world)
    for status in (waiting, opened, waiting, opened):
        set_status(ticket, status, by=world.ana)
    trial = _try(world, rule)
    assert [(hit["ticket"], hit["times"]) for hit in trial.found] == [(ticket.pk, 2)]


def test_a_rule_about_time_is_tried_too(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False) as clock:
        old = make_ticket(world)
        clock.shift(timedelta(days=2))
        make_ticket(world)
        values = {"amount": 1, "unit": "days", "base": "opened"}
        steps = [{"action": "set_important", "values": {"important": True}}]
        rule = make_rule(
            world, when=[{"trigger": "time_passed", "values": values}], steps=steps, active=False
        )
        trial = _try(world, rule)
        assert [hit["ticket"] for hit in trial.found] == [old.pk]


def test_a_draft_can_be_tried_and_stopped(world: World) -> None:
    for _number in range(3):
        make_ticket(world)
    steps = [{"action": "set_important", "values": {"important": True}}]
    values = checked_definition(world.bo, name="Borrador", when=OPENED, steps=steps)
    trial = begin_trial(world.bo, None, values, last=2)
    assert trial_batch(trial.pk, 1) == 1
    stop_trial(trial)
    assert trial_batch(trial.pk, 1) == 0
    trial.refresh_from_db()
    assert (trial.state, trial.seen, trial.total) == ("stopped", 1, 2)
    with pytest.raises(Refused):
        begin_trial(world.bo, None, values, last=0)
