"""Approvals that rules and macros start, what follows from a decision, and taking a macro back."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.automation.base import action_named
from zaguan.automation.models import RuleRun, RunTicket
from zaguan.automation.runs import run_on
from zaguan.automation.steps import Step
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.automation.undoing import undo_run
from zaguan.conversations.noting import add_note
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.approvals import Asking, ask, decide
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Approval, Ticket

pytestmark = pytest.mark.django_db


def _step(world: World, **more: Any) -> Step:
    action = action_named("ask_approval")
    values = {"question": "¿{{ticket.subject}}?", "approver": world.bo.pk} | more
    return Step(action, action.clean(values, world.ana))


def _tags(ticket: Ticket) -> set[str]:
    return {tag.name for tag in Ticket.objects.get(pk=ticket.pk).tags.all()}


def test_a_rule_asks_and_others_follow_its_decision(world: World) -> None:
    question = {"question": "¿Devolvemos?", "approver": "team", "holds": True, "hours": 4}
    make_rule(
        world,
        when=[{"trigger": "note_written"}],
        steps=[{"action": "ask_approval", "values": question}],
        despite_loops=True,
    )
    for decision in ("approved", "rejected"):
        make_rule(
            world,
            name=decision,
            when=[{"trigger": "approval_decided"}],
            conditions=[{"condition": "approval_was", "values": {"decision": decision}}],
            steps=[{"action": "add_tags", "values": {"tags": [decision]}}],
        )
    ticket, _message = make_question(world)
    add_note(ticket, "<p>Lo pide</p>", by=world.ana)
    work()
    made = Approval.objects.get()
    assert (made.asked_by, made.holds, made.due_at is not None) == (None, True, True)
    assert {each.name for each in made.approvers.all()} == {"Ana", "Rita"}
    assert _tags(ticket) == set()
    decide(made, True, by=world.rita)
    work()
    assert _tags(ticket) == {"approved"}
    assert RuleRun.objects.filter(outcome="done").count() == 2


def test_a_rule_asks_once_as_long_as_it_waits(world: World) -> None:
    make_rule(
        world,
        when=[{"trigger": "note_written"}],
        steps=[{"action": "ask_approval", "values": _step(world).values}],
        despite_loops=True,
    )
    ticket, _message = make_question(world)
    for text in ("<p>Uno</p>", "<p>Dos</p>"):
        add_note(ticket, text, by=world.ana)
        work()
    assert Approval.objects.count() == 1
    assert sorted(RuleRun.objects.values_list("outcome", flat=True)) == ["done", "refused"]


def test_taking_a_macro_back_withdraws_what_still_waits(world: World) -> None:
    ticket, _message = make_question(world)
    undo_run(run_on(ticket, [_step(world)], by=world.ana), by=world.ana)
    assert Approval.objects.get().state == Approval.State.WITHDRAWN
    assert Ticket.objects.get(pk=ticket.pk).approval_state is None
    run = run_on(ticket, [_step(world)], by=world.ana)
    decide(Approval.objects.get(state="waiting"), False, by=world.bo)
    undo_run(run, by=world.ana)
    assert Ticket.objects.get(pk=ticket.pk).approval_state == "rejected"
    assert RunTicket.objects.get(run=run).reason.endswith(("Approvals", "Aprobaciones"))


def test_who_runs_it_is_left_out_when_others_can_be_asked(world: World) -> None:
    ticket, _message = make_question(world)
    assign(ticket, world.ana, by=world.bo)
    run_on(ticket, [_step(world, approver="assignee", approver_2=world.bo.pk)], by=world.ana)
    assert [each.name for each in Approval.objects.get().approvers.all()] == ["Bo"]
    alone = _step(world, question="¿Solo yo?", approver="assignee")
    with pytest.raises(Refused, match=r"Nobody approves|Nadie"):
        run_on(ticket, [alone], by=world.ana)
    run_on(ticket, [_step(world, question="¿Y a ti?", approver="requester")], by=world.ana)
    mailed = Approval.objects.latest("pk").approvers.get()
    assert (mailed.contact, mailed.email) == (world.dan, "dan@customer.example")


def test_a_placeholder_without_a_value_is_told(world: World) -> None:
    ticket, _message = make_question(world)
    with pytest.raises(Refused, match=r"organisation\.name"):
        run_on(ticket, [_step(world, question="¿{{organisation.name}}?")], by=world.ana)


def test_a_rule_hears_that_an_approval_is_due(world: World) -> None:
    from datetime import timedelta

    import time_machine
    from django.utils import timezone

    make_rule(
        world,
        when=[{"trigger": "approval_due"}],
        steps=[{"action": "add_tags", "values": {"tags": ["late"]}}],
    )
    ticket, _message = make_question(world)
    due = timezone.now() + timedelta(hours=1)
    ask(ticket, Asking(question="¿Sí?", agents=[world.bo], due_at=due), by=world.ana)
    work()
    assert _tags(ticket) == set()
    with time_machine.travel(due + timedelta(minutes=1), tick=False):
        work()
    assert _tags(ticket) == {"late"}


def test_a_question_with_a_placeholder_that_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r"ticket\.sujet"):
        _step(world, question="¿{{ticket.sujet}}?")
