"""A changed policy is compared first, then applied to what is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.events.base import SYSTEM
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.sla.clocks import refresh
from zaguan.sla.models import Clock, Policy, Rerun
from zaguan.sla.policies import save_policy, set_active
from zaguan.sla.rerunning import apply_rerun, start_preview, stop_rerun, work_rerun
from zaguan.sla.rows import read_one
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import DONE_RANK, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-11-16T10:00:00+00:00")


def compared(policy: Policy | None = None) -> Rerun:
    rerun = start_preview(policy, by=SYSTEM)
    work_rerun(rerun.pk)
    rerun.refresh_from_db()
    return rerun


def changed(policy: Policy, hours: float) -> None:
    save_policy(policy, by=SYSTEM, name=policy.name, targets=[target("resolution", hours)])


def test_a_change_waits_for_a_rerun(world: World) -> None:
    policy = make_policy(target("resolution", 8))
    with time_machine.travel(MONDAY, tick=False):
        old = make_ticket(world)
        changed(policy, 4)
        new = make_ticket(world)
    assert clocks(old)["resolution"].version.number == 1
    assert clocks(new)["resolution"].due_at == MONDAY + timedelta(hours=4)


def test_what_would_change_is_shown_before_anything_changes(world: World) -> None:
    policy = make_policy(target("resolution", 8))
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket, done = make_ticket(world), make_ticket(world)
        set_status(done, default_status(Phase.RESOLVED), by=world.ana)
        changed(policy, 4)
        clock.shift(timedelta(hours=5))
        rerun = compared(policy)
        (one,) = rerun.differences.all()
        assert (rerun.state, rerun.changed, rerun.breached, rerun.saved) == ("ready", 1, 1, 0)
        assert (one.ticket_id, one.due_before, one.due_after) == (
            ticket.pk,
            MONDAY + timedelta(hours=8),
            MONDAY + timedelta(hours=4),
        )
        assert one.becomes_missed
        assert clocks(ticket)["resolution"].due_at == MONDAY + timedelta(hours=8)
        apply_rerun(rerun, by=world.bo)
        work_rerun(rerun.pk)
    rerun.refresh_from_db()
    assert (rerun.state, rerun.applied) == ("done", 1)
    assert clocks(ticket)["resolution"].state == "breached"
    assert clocks(done)["resolution"].version.number == 1


def lives(world: World, clock: Any, count: int) -> list[Ticket]:
    """Tickets of different ages that wait for different people; every third was answered, every fourth is done."""
    found = []
    for number in range(count):
        ticket, _message = make_question(world, external_id=f"{number}@customer.example")
        found.append(ticket)
        clock.shift(timedelta(minutes=7 * number))
        if number % 3 == 0:
            reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
        if number % 4 == 1:
            set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
        if number % 4 == 3:
            set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
        clock.shift(timedelta(minutes=20))
    return found


def test_a_batch_writes_what_each_ticket_by_itself_would_and_tells_it_once(world: World) -> None:
    policy = make_policy(target("first", 3), target("resolution", 30, pauses=["customer"]))
    with time_machine.travel(MONDAY, tick=False) as clock:
        tickets = lives(world, clock, 9)
        targets = [target("first", 1), target("update", 2), target("resolution", 5, pauses=["third"])]
        save_policy(policy, by=SYSTEM, name=policy.name, targets=targets)
        rerun = compared(policy)
        different = set(rerun.differences.values_list("ticket", "kind"))
        before = {ticket.pk: read_one(ticket.pk) for ticket in tickets}
        apply_rerun(rerun, by=world.bo)
        work_rerun(rerun.pk)
        told = told_of()
        for ticket in tickets:
            rows = read_one(ticket.pk)
            refresh(ticket.pk)
            assert read_one(ticket.pk) == rows, "counted by itself, it says the same"
            changed = {row.kind for row in {*rows} ^ {*before[ticket.pk]} if row.is_open}
            is_open = ticket.pk in Ticket.objects.filter(rank__lt=DONE_RANK).values_list("pk", flat=True)
            assert {kind for number, kind in different if number == ticket.pk} == (
                changed if is_open else set()
            )
        assert (told_of(), len(told)) == (told, len(set(told)))
    missed = Clock.objects.filter(state="breached", met_at=None).values_list("pk", flat=True)
    assert {clock_id for kind, clock_id in told if kind == "sla.TargetMissed"} >= set(missed) != set()


def told_of() -> list[tuple[str, int]]:
    rows = EventRecord.objects.filter(kind__in=["sla.TargetNear", "sla.TargetMissed"])
    return [(row.kind, row.data["clock_id"]) for row in rows]


def test_a_longer_time_saves_what_was_missed(world: World) -> None:
    policy = make_policy(target("resolution", 1))
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_ticket(world)
        clock.shift(timedelta(hours=2))
        Clock.objects.update(state="breached", missed_at=MONDAY + timedelta(hours=1), wake_at=None)
        changed(policy, 4)
        assert compared().saved == 1


def test_the_total_is_what_it_goes_through(world: World) -> None:
    policy = make_policy(target("resolution", 1), query="is:important")
    make_ticket(world)
    Ticket.objects.filter(pk=make_ticket(world).pk).update(is_important=True)
    for about in (None, policy):
        rerun = compared(about)
        assert (rerun.changed, rerun.seen, rerun.total) == (1, 2, 2)
    apply_rerun(rerun, by=world.bo)
    work_rerun(rerun.pk)
    rerun.refresh_from_db()
    assert (rerun.applied, rerun.seen, rerun.total) == (1, 2, 2)


def test_a_policy_that_is_off_goes_with_the_rerun(world: World) -> None:
    policy = make_policy(target("resolution", 8))
    ticket = make_ticket(world)
    set_active(policy, False, by=world.bo)
    assert clocks(ticket)
    rerun = compared()
    apply_rerun(rerun, by=world.bo)
    work_rerun(rerun.pk)
    assert not clocks(ticket)
    ticket.refresh_from_db()
    assert ticket.sla_state is None


def test_only_what_was_compared_is_applied_and_it_can_be_stopped(world: World) -> None:
    rerun = start_preview(by=world.bo)
    with pytest.raises(Refused):
        apply_rerun(rerun, by=world.bo)
    stop_rerun(rerun, by=world.bo)
    work_rerun(rerun.pk)
    rerun.refresh_from_db()
    assert rerun.state == "stopped"
