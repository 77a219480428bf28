"""Clocks follow what happens to a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.sla.models import Clock
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.sla.waking import wake_due
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Phase, Ticket, Urgency
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-11-16T10:00:00+00:00")


def header(ticket: Ticket) -> tuple[str | None, str | None, datetime | None]:
    ticket.refresh_from_db()
    return ticket.sla_state, ticket.due_kind, ticket.due_at


def test_a_ticket_without_a_policy_has_no_clock(world: World) -> None:
    ticket = make_ticket(world)
    assert header(ticket) == (None, None, None)
    assert not Clock.objects.exists()


def test_opening_starts_the_targets_of_the_first_policy_that_finds_it(world: World) -> None:
    make_policy(target("first", 4), query="channel:phone", name="Phone")
    make_policy(target("first", 1), target("resolution", 8), name="Everything")
    with time_machine.travel(MONDAY, tick=False):
        ticket = make_ticket(world)
    assert {kind: clock.due_at - MONDAY for kind, clock in clocks(ticket).items() if clock.due_at} == {
        "first": timedelta(hours=1),
        "resolution": timedelta(hours=8),
    }
    assert header(ticket) == ("ontrack", "first", MONDAY + timedelta(hours=1))


def test_an_answer_meets_the_first_target(world: World) -> None:
    make_policy()
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket, _message = make_question(world)
        clock.shift(timedelta(minutes=20))
        reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    first = clocks(ticket)["first"]
    assert (first.state, first.met_at) == ("met", MONDAY + timedelta(minutes=20))
    assert header(ticket) == ("ontrack", "resolution", MONDAY + timedelta(hours=8))


def test_an_automatic_mail_is_no_answer(world: World) -> None:
    make_policy()
    ticket, _message = make_question(world)
    reply(ticket, Outgoing(html="<p>Recibido</p>", automatic=True), by=world.ana)
    assert clocks(ticket)["first"].state == "running"


def test_an_answer_that_is_taken_back_was_none(world: World) -> None:
    make_policy()
    ticket, _message = make_question(world)
    message = reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert clocks(ticket)["first"].state == "met"
    withdraw(message, by=world.ana)
    assert clocks(ticket)["first"].state == "running"


def test_waiting_for_the_customer_pauses_and_gives_the_time_back(world: World) -> None:
    make_policy()
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = make_ticket(world)
        clock.shift(timedelta(hours=2))
        set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
        resolution = clocks(ticket)["resolution"]
        assert (resolution.state, resolution.due_at, resolution.left) == ("paused", None, 6 * 3600)
        clock.shift(timedelta(days=30))
        assert wake_due() == 0  # the first answer, which nothing pauses, was missed and told before
        set_status(ticket, default_status(Phase.OPEN), by=world.ana)
        assert clocks(ticket)["resolution"].due_at == timezone.now() + timedelta(hours=6)


def test_a_breach_is_told_once_when_its_moment_comes(world: World) -> None:
    make_policy(target("first", 1))
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = make_ticket(world)
        clock.shift(timedelta(minutes=44))
        assert wake_due() == 0
        clock.shift(timedelta(minutes=2))
        assert wake_due() == 1
        assert header(ticket)[0] == "risk"
        clock.shift(timedelta(minutes=15))
        wake_due()
        assert header(ticket) == ("breached", "first", MONDAY + timedelta(hours=1))
        reply(ticket, Outgoing(html="<p>Perdón</p>"), by=world.ana)
        wake_due()
    kinds = list(EventRecord.objects.filter(kind__startswith="sla.").values_list("kind", flat=True))
    assert kinds == ["sla.TargetNear", "sla.TargetMissed"]
    assert clocks(ticket)["first"].state == "breached"


def test_another_urgency_gives_another_time(world: World) -> None:
    high = Urgency.objects.order_by("-rank").first()
    assert high is not None
    make_policy(target("resolution", 8, by_urgency={high.pk: 1800}))
    with time_machine.travel(MONDAY, tick=False):
        ticket = make_ticket(world)
        edit(ticket, by=world.ana, urgency=high)
    assert clocks(ticket)["resolution"].due_at == MONDAY + timedelta(minutes=30)


def test_opened_again_the_resolution_goes_on_where_it_stood(world: World) -> None:
    make_policy(target("resolution", 8))
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = make_ticket(world)
        clock.shift(timedelta(hours=3))
        set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
        assert header(ticket)[0] == "met"
        clock.shift(timedelta(days=2))
        set_status(ticket, default_status(Phase.OPEN), by=world.ana)
        assert clocks(ticket)["resolution"].due_at == timezone.now() + timedelta(hours=5)
