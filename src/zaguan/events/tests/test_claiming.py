"""Leases and named tasks: one worker at a time, one waiting job per key, nothing stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.events import tasks
from zaguan.events.claiming import LEASE, claim, renew
from zaguan.events.models import Job
from zaguan.events.tasks import enqueue, task
from zaguan.events.working import work_off

pytestmark = pytest.mark.django_db
ME, OTHER = "machine/1/100", "machine/1/200"
ran: list[Any] = []


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setattr(tasks, "_tasks", {})


def test_a_task_gets_its_arguments_at_its_time() -> None:
    @task("add")
    def add(*, a: int, b: int) -> None:
        ran.append(a + b)

    enqueue("add", run_at=timezone.now() + timedelta(minutes=1), a=1, b=2)
    assert work_off(ME) == 0
    Job.objects.update(run_at=timezone.now())
    assert work_off(ME) == 1
    assert ran == [3]


def test_one_job_waits_per_key_and_asking_again_brings_it_forward() -> None:
    task("close")(lambda **_: None)
    soon, late = timezone.now(), timezone.now() + timedelta(hours=1)
    enqueue("close", key="close-1", run_at=late)
    enqueue("close", key="close-1", run_at=soon)
    enqueue("close", key="close-2", run_at=late)
    assert [job.run_at for job in Job.objects.order_by("pk")] == [soon, late]


def test_asking_while_it_runs_makes_a_new_job() -> None:
    @task("index")
    def index() -> None:
        ran.append("index")
        if len(ran) == 1:
            enqueue("index", key="index")

    enqueue("index", key="index")
    work_off(ME)
    work_off(ME)
    assert ran == ["index", "index"]


def test_lower_priorities_go_first() -> None:
    task("a")(lambda: ran.append("a"))
    task("b")(lambda: ran.append("b"))
    enqueue("a", priority=5)
    enqueue("b")
    work_off(ME)
    assert ran == ["b", "a"]


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends() -> None:
    task("once")(lambda: None)
    enqueue("once")
    assert len(claim(OTHER)) == 1
    assert claim(ME) == []
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert len(claim(ME)) == 1


def test_a_living_worker_keeps_its_lease() -> None:
    @task("long")
    def long() -> None:
        Job.objects.update(leased_until=timezone.now() + timedelta(seconds=1))
        renew(ME)
        left = Job.objects.get().leased_until
        assert left is not None
        ran.append(left > timezone.now() + LEASE / 2)

    enqueue("long")
    work_off(ME)
    assert ran == [True]


def test_what_another_worker_took_over_is_not_deleted() -> None:
    @task("slow")
    def slow() -> None:
        Job.objects.update(leased_by=OTHER)

    enqueue("slow")
    work_off(ME)
    assert Job.objects.get().leased_by == OTHER


def test_a_job_that_ends_its_worker_each_time_is_given_up() -> None:
    task("poison")(lambda: ran.append("poison"))
    enqueue("poison")
    for _ in range(8):
        claim(OTHER)
        Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    work_off(ME)
    assert ran == []
    assert "ended 8 times" in Job.objects.get().error


def test_a_task_that_this_version_lacks_stays_with_the_reason() -> None:
    enqueue("gone")
    work_off(ME)
    assert "no task gone" in Job.objects.get().error
