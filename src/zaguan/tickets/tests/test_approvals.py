"""Approvals: asked, decided by who was asked, withdrawn, due; and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import override

from zaguan.events.base import Actor
from zaguan.events.models import EventRecord
from zaguan.events.working import work_off
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.approvals import Asking, ask, ask_also, decide, withdraw
from zaguan.tickets.history import feed
from zaguan.tickets.models import Approval, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
QUESTION = "¿Devolvemos 120 €?"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as travel, override("en"):
        yield travel


@pytest.fixture
def ticket(world: World) -> Ticket:
    ticket = make_ticket(world)
    return set_status(ticket, default_status(Phase.OPEN), by=world.ana)


def asked(world: World, ticket: Ticket, *agents: Any, **more: Any) -> Approval:
    return ask(ticket, Asking(question=QUESTION, agents=agents or (world.bo,), **more), by=world.ana)


def stands(ticket: Ticket) -> str | None:
    return Ticket.objects.get(pk=ticket.pk).approval_state


def kinds(ticket: Ticket) -> list[str]:
    rows = EventRecord.objects.filter(ticket_id=ticket.pk, kind__startswith="tickets.Approval")
    return list(rows.order_by("id").values_list("kind", flat=True))


def told(ticket: Ticket) -> list[str]:
    return [entry.sentence for entry in feed(ticket).entries]


def test_one_approval_is_enough_and_each_step_is_one_event(world: World, ticket: Ticket) -> None:
    before = Ticket.objects.get(pk=ticket.pk).version
    approval = asked(world, ticket, world.bo, world.rita)
    assert stands(ticket) == "waiting"
    done = decide(approval, True, by=world.bo, comment=" Sí, por esta vez. ")
    assert (done.state, stands(ticket)) == ("approved", "approved")
    assert kinds(ticket) == ["tickets.ApprovalAsked", "tickets.ApprovalAnswered"]
    assert Ticket.objects.get(pk=ticket.pk).version == before + 2
    said = told(ticket)
    assert f"Ana asked for approval by Bo, Rita: “{QUESTION}”" in said
    assert f"Bo approved “{QUESTION}”: Sí, por esta vez." in said


def test_all_have_to_approve_and_one_no_decides(world: World, ticket: Ticket) -> None:
    approval = asked(world, ticket, world.bo, world.rita, needs="all")
    assert decide(approval, True, by=world.rita).state == "waiting"
    assert decide(approval, True, by=world.bo).state == "approved"
    second = ask(
        ticket, Asking(question="¿Y otra vez?", agents=[world.bo, world.rita], needs="all"), by=world.ana
    )
    assert decide(second, False, by=world.rita, comment="No").state == "rejected"
    assert stands(ticket) == "rejected"


def test_only_who_was_asked_decides_and_only_once(world: World, ticket: Ticket) -> None:
    approval = asked(world, ticket, world.bo, world.rita, needs="all")
    for stranger in (world.ana, world.cleo, world.dan):
        with pytest.raises(Refused, match="Only who was asked"):
            decide(approval, True, by=stranger)
    decide(approval, True, by=world.bo)
    with pytest.raises(Refused, match="answered this already"):
        decide(approval, False, by=world.bo)
    decide(approval, True, by=world.rita)
    with pytest.raises(Refused, match="decided already"):
        decide(approval, True, by=world.rita)


def test_nobody_is_asked_for_their_own_unless_by_somebody_else(world: World, ticket: Ticket) -> None:
    with pytest.raises(Refused, match="Nobody approves what they ask for"):
        asked(world, ticket, world.ana)
    approval = asked(world, ticket, world.rita)
    with pytest.raises(Refused, match="Nobody approves"):
        ask_also(approval, agents=[world.ana], by=world.ana)
    ask_also(approval, agents=[world.ana], by=world.bo)
    assert decide(approval, True, by=world.ana).state == "approved"
    assert f"Bo asked Ana too for approval: “{QUESTION}”" in told(ticket)


def test_the_team_is_asked_without_who_asks(world: World, ticket: Ticket) -> None:
    approval = ask(ticket, Asking(question=QUESTION, team=True), by=world.ana)
    assert [each.name for each in approval.approvers.all()] == ["Rita"]
    by_rule = ask(ticket, Asking(question="¿Sí?", team=True), by=Actor("rule", 7))
    assert {each.name for each in by_rule.approvers.all()} == {"Ana", "Rita"}
    assert (by_rule.asked_by, by_rule.rule_id) == (None, 7)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"question": "  "}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"needs": "most"}, "needs"),
        ({"due_at": NOW}, "due_at"),
        ({"agents": ()}, "approvers"),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: World, ticket: Ticket, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(ticket, Asking(**{"question": QUESTION, "agents": [world.bo]} | more), by=world.ana)
    assert refused.value.field == field
    assert stands(ticket) is None


def test_who_may_not_see_the_ticket_or_has_left_is_not_asked(world: World, ticket: Ticket) -> None:
    with pytest.raises(Refused, match="Cleo may not see"):
        asked(world, ticket, world.cleo)
    world.rita.is_active = False
    world.rita.save()
    with pytest.raises(Refused, match="Rita no longer works here"):
        asked(world, ticket, world.rita)


def test_the_same_is_not_asked_twice_at_a_time(world: World, ticket: Ticket) -> None:
    first = asked(world, ticket)
    with pytest.raises(Refused, match="asked already"):
        asked(world, ticket)
    withdraw(first, by=world.ana)
    asked(world, ticket)


def test_withdrawn_it_counts_no_more(world: World, ticket: Ticket) -> None:
    first = asked(world, ticket)
    decide(first, True, by=world.bo)
    second = ask(ticket, Asking(question="¿Otra?", agents=[world.bo], holds=True), by=world.ana)
    assert stands(ticket) == "waiting"
    withdraw(second, by=world.ana, reason="Ya no hace falta")
    assert stands(ticket) == "approved"
    assert "Ana withdrew the approval “¿Otra?”: Ya no hace falta" in told(ticket)
    with pytest.raises(Refused):
        withdraw(second, by=world.ana)


def test_when_it_is_due_that_is_said_once(world: World, ticket: Ticket, clock: Any) -> None:
    due = asked(world, ticket, world.bo, world.rita, needs="all", due_at=NOW + timedelta(hours=2))
    done = ask(
        ticket, Asking(question="¿B?", agents=[world.bo], due_at=NOW + timedelta(hours=2)), by=world.ana
    )
    decide(done, True, by=world.bo)
    decide(due, True, by=world.bo)
    work_off("here")
    assert "tickets.ApprovalDue" not in kinds(ticket)
    clock.shift(timedelta(hours=2, minutes=1))
    work_off("here")
    row = EventRecord.objects.get(kind="tickets.ApprovalDue")
    assert (row.data["approval_id"], row.data["agents"]) == (due.pk, [world.rita.pk])
    due.refresh_from_db()
    assert due.is_late
    assert due.reminded_at is not None


def test_it_is_seen_by_who_sees_the_ticket_and_who_was_asked(world: World, ticket: Ticket) -> None:
    approval = asked(world, ticket, world.rita)
    seen = [a for a in (world.ana, world.bo, world.rita) if approval in Approval.objects.visible_to(a)]
    assert seen == [world.ana, world.bo, world.rita]
    assert approval not in Approval.objects.visible_to(world.cleo)
    assert list(Approval.objects.all().waiting_for(world.rita)) == [approval]
    decide(approval, True, by=world.rita)
    assert not Approval.objects.all().waiting_for(world.rita).exists()
