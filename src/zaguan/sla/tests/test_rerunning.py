"""A changed policy is compared first, then applied to what is open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from zaguan.events.base import SYSTEM
from zaguan.lib.errors import Refused
from zaguan.sla.models import Clock, Policy, Rerun
from zaguan.sla.policies import save_policy, set_active
from zaguan.sla.rerunning import apply_rerun, start_preview, stop_rerun, work_rerun
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase
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


def test_a_longer_time_saves_what_was_missed(world: World) -> None:
    policy = make_policy(target("resolution", 1))
    with time_machine.travel(MONDAY, tick=False) as clock:
        make_ticket(world)
        clock.shift(timedelta(hours=2))
        Clock.objects.update(state="breached", missed_at=MONDAY + timedelta(hours=1), wake_at=None)
        changed(policy, 4)
        assert compared().saved == 1


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
