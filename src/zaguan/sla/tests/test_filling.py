"""Ledgers that are missing or wrong: found by comparing with the events, and written again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from zaguan.events.models import Job
from zaguan.events.tasks import find_task
from zaguan.ops.doctor import examine
from zaguan.sla.filling import WORK, differences, repair, write_batch
from zaguan.sla.intervals import spans_of
from zaguan.sla.models import Interval
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 27, 10, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(T0, tick=False) as moving:
        yield moving


def test_tickets_from_before_the_ledger_get_theirs(world: World, clock: Any) -> None:
    first, second = make_ticket(world), make_ticket(world)
    clock.shift(3600)
    set_status(first, default_status(Phase.OPEN), by=world.ana)
    before = spans_of([first.pk, second.pk])
    Interval.objects.all().delete()
    assert spans_of([first.pk, second.pk]) == before
    assert {d.ticket_id for d in differences() if d.is_missing} == {first.pk, second.pk}
    clock.shift(3600)
    # The next change writes the whole of it.
    assign(first, world.ana, by=world.ana)
    assert Interval.objects.filter(ticket=first).count() == 3
    assert write_batch() == 0
    assert Interval.objects.filter(ticket=second).count() == 1
    assert list(differences()) == []


def test_a_wrong_row_is_found_and_repaired(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(3600)
    set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    right = list(Interval.objects.values_list("pk", flat=True))
    Interval.objects.filter(side="customer").update(side="third")
    (found,) = differences()
    assert (found.ticket_id, found.rows, found.is_missing) == (ticket.pk, 1, False)
    assert repair(ticket.pk) == 1
    assert list(differences()) == []
    assert Interval.objects.filter(pk=right[0]).exists()
    assert repair(ticket.pk) == 0


def test_the_command_says_what_differs_and_repairs_it(world: World, clock: Any, capsys: Any) -> None:
    first, second = make_ticket(world), make_ticket(world)
    Interval.objects.filter(ticket=first).update(assignee_id=world.ana.pk)
    Interval.objects.filter(ticket=second).delete()
    call_command("clocks")
    told = capsys.readouterr().out
    assert f"Ticket {first.pk}: 1 stretches differ" in told
    assert "1 ledgers differ from the events, 1 are missing" in told
    assert any("zaguan clocks --repair" in finding.sentence for finding in examine())
    call_command("clocks", "--repair")
    call_command("clocks")
    assert capsys.readouterr().out.endswith("The ledger says what the events say.\n")
    assert not any("zaguan clocks" in finding.sentence for finding in examine())


def test_the_job_goes_on_where_it_stopped(world: World, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(5):
        make_ticket(world)
    Interval.objects.all().delete()
    monkeypatch.setattr("zaguan.sla.filling.BATCH", 2)
    monkeypatch.setattr("zaguan.sla.filling.SECONDS", 0.0)
    turns = 0
    write_ledgers_from(None)
    while (job := Job.objects.filter(task=WORK).first()) is not None:
        job.delete()
        write_ledgers_from(job.arguments["before"])
        turns += 1
    assert (Interval.objects.count(), turns) == (5, 2)


def write_ledgers_from(before: int | None) -> None:
    task = find_task(WORK)
    assert task is not None
    task(before=before)
