"""Many tickets at once: a result for each, others in between, stopped, taken back."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from zaguan.automation import pacing, runs, undoing
from zaguan.automation.base import action_named
from zaguan.automation.macros import save_macro
from zaguan.automation.models import Run, RunTicket
from zaguan.automation.runs import start_run, stop_run, work_batch, work_run
from zaguan.automation.steps import Step, stored
from zaguan.automation.undoing import forget_old_runs, undo_batch, undo_run
from zaguan.events.models import EventRecord, Job
from zaguan.events.working import work_off
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("by_worker")


def star(agent: Any) -> list[Step]:
    return [Step(action_named("set_important"), {"important": True})]


def tickets(world: World, count: int, **fields: Any) -> list[int]:
    return [make_ticket(world, **fields).pk for _each in range(count)]


def finish(run: Run) -> Run:
    while work_batch(run.pk, 3):
        pass
    return Run.objects.get(pk=run.pk)


def test_a_result_for_each(world: World) -> None:
    fine, starred, closed, foreign = tickets(world, 4)
    Ticket.objects.filter(pk=starred).update(is_important=True)
    Ticket.objects.filter(pk=closed).update(phase="closed")
    Ticket.objects.filter(pk=foreign).update(team=world.sales)
    run = finish(start_run([fine, starred, closed, foreign], star(world.ana), by=world.ana))
    assert (run.state, run.total, run.done, run.same, run.refused) == ("done", 4, 1, 1, 2)
    rows = {row.ticket_id: row for row in run.tickets.all()}
    assert [rows[n].state for n in (fine, starred, closed, foreign)] == ["done", "same", "refused", "refused"]
    assert str(closed) in rows[closed].reason
    assert rows[foreign].reason
    assert not Ticket.objects.get(pk=foreign).is_important


def test_one_event_per_change_with_the_start_as_its_cause(world: World) -> None:
    numbers = tickets(world, 3)
    run = finish(start_run(numbers, star(world.ana), by=world.ana))
    rows = EventRecord.objects.filter(kind="tickets.FieldsChanged", ticket_id__in=numbers)
    assert {(row.cause_id, row.actor_id) for row in rows} == {(run.event_id, world.ana.pk)}
    assert set(Ticket.objects.filter(pk__in=numbers).values_list("version", flat=True)) == {2}
    ended = EventRecord.objects.get(kind="automation.RunEnded")
    assert (ended.data["done"], ended.data["state"]) == (3, "done")


def test_the_whole_is_taken_back(world: World) -> None:
    numbers = tickets(world, 5)
    run = finish(start_run(numbers, star(world.ana), by=world.ana))
    Ticket.objects.filter(pk=numbers[0]).update(is_important=False)
    undo_run(run, by=world.ana)
    while undo_batch(run.pk):
        pass
    fresh = Run.objects.get(pk=run.pk)
    assert (fresh.state, fresh.undone) == ("undone", 5)
    assert not Ticket.objects.filter(pk__in=numbers, is_important=True).exists()
    with pytest.raises(Refused):
        undo_run(fresh, by=world.ana)


def test_a_few_are_done_and_taken_back_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 25)
    monkeypatch.setattr(undoing, "AT_ONCE", 25)
    numbers = tickets(world, 3)
    run = start_run(numbers, star(world.ana), by=world.ana)
    assert (run.state, run.done) == ("done", 3)
    undone = undo_run(run, by=world.ana)
    assert (undone.state, undone.undone) == ("undone", 3)


def test_stopped_half_way(world: World) -> None:
    numbers = tickets(world, 5)
    run = start_run(numbers, star(world.ana), by=world.ana)
    assert work_batch(run.pk, 2) == 2
    with pytest.raises(Refused, match=r"Stop it|Det"):
        undo_run(run, by=world.ana)
    stop_run(run, by=world.ana)
    assert not work_batch(run.pk)
    assert Ticket.objects.filter(pk__in=numbers, is_important=True).count() == 2
    undo_run(run, by=world.ana)
    while undo_batch(run.pk):
        pass
    assert not Ticket.objects.filter(pk__in=numbers, is_important=True).exists()


def test_a_macro_on_many_refuses_where_it_is_not_meant(world: World) -> None:
    numbers = tickets(world, 2)
    Ticket.objects.filter(pk=numbers[0]).update(is_internal=True)
    steps = [{"action": "add_tags", "values": {"tags": ["uno"]}}]
    macro = save_macro(world.ana, None, name="X", steps=steps, query="-is:internal", by=world.ana)
    run = finish(start_run(numbers, stored(macro.steps), by=world.ana, macro=macro))
    assert (run.done, run.refused) == (1, 1)
    assert "-is:internal" in run.tickets.get(ticket=numbers[0]).reason


def test_who_lost_the_permission_meanwhile_changes_nothing(world: World) -> None:
    numbers = tickets(world, 2)
    run = start_run(numbers, star(world.ana), by=world.ana)
    world.ana.role.permissions = ["desk.use"]
    world.ana.role.save(update_fields=["permissions"])
    assert finish(run).refused == 2


def test_none_and_too_many_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused):
        start_run([], star(world.ana), by=world.ana)
    monkeypatch.setattr(runs, "MOST", 1)
    with pytest.raises(Refused, match="1"):
        start_run(tickets(world, 2), star(world.ana), by=world.ana)


def test_a_slice_lines_up_again_and_the_worker_ends_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "FIRST", 2)
    monkeypatch.setattr(pacing, "SLICE_SECONDS", 0.0)
    run = start_run(tickets(world, 5), star(world.ana), by=world.ana)
    for _turn in range(12):
        work_off("test")
    fresh = Run.objects.get(pk=run.pk)
    assert (fresh.state, fresh.done) == ("done", 5)
    assert not Job.objects.filter(task=runs.WORK).exists()


def test_a_job_that_is_run_twice_does_nothing_twice(world: World) -> None:
    run = start_run(tickets(world, 3), star(world.ana), by=world.ana)
    work_run(run.pk)
    work_run(run.pk)
    assert Run.objects.get(pk=run.pk).done == 3


def test_old_runs_are_forgotten(world: World) -> None:
    run = finish(start_run(tickets(world, 1), star(world.ana), by=world.ana))
    assert forget_old_runs() == 0
    Run.objects.filter(pk=run.pk).update(created_at="2020-01-01T00:00:00Z")
    assert forget_old_runs() == 1
    assert not RunTicket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_others_write_between_the_batches() -> None:
    """While thousands are changed, a colleague's change waits for one short transaction, never for the whole."""
    world = make_world()
    numbers = tickets(world, 400)
    own = make_ticket(world)
    run = start_run(numbers, star(world.ana), by=world.ana)
    waits: list[float] = []
    seen: list[int] = []

    def colleague() -> None:
        while not seen or seen[-1] < len(numbers):
            began = time.monotonic()
            with transaction.atomic():
                Ticket.objects.filter(pk=own.pk).update(subject=f"{began}")
            waits.append(time.monotonic() - began)
            seen.append(Run.objects.get(pk=run.pk).handled)
            time.sleep(0.02)
        connection.close()

    other = threading.Thread(target=colleague)
    other.start()
    while Run.objects.get(pk=run.pk).is_working:
        work_run(run.pk)
    other.join(30)
    during = [n for n in seen if 0 < n < len(numbers)]
    assert during, "nobody got in between"
    assert max(waits) < 2
    assert Run.objects.get(pk=run.pk).done == len(numbers)
