"""The job table: what is done once, what is tried again, and what is given up."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from zaguan.events import base, tasks
from zaguan.events.base import SYSTEM, Event, on
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import record
from zaguan.events.repairing import do_again
from zaguan.events.tasks import enqueue, task
from zaguan.events.working import work_off
from zaguan.lib.errors import Final, Retry

pytestmark = pytest.mark.django_db
ME = "machine/1/100"
ran: list[Any] = []


@pytest.fixture(autouse=True)
def _own_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setattr(base, "_reactions", defaultdict(list))
    monkeypatch.setattr(tasks, "_tasks", {})


class Rang(Event):
    """The bell rang."""


def ring() -> EventRecord:
    with transaction.atomic():
        return record(Rang(), by=SYSTEM)


def later() -> None:
    """As if the back-off were over."""
    Job.objects.filter(failed_at=None).update(run_at=timezone.now() - timedelta(seconds=1))


def test_reactions_run_once_and_the_job_is_gone() -> None:
    @on(Rang)
    def answer(event: Rang) -> None:
        ran.append(event)

    ring()
    assert ran == []
    assert work_off(ME) == 1
    assert ran == [Rang()]
    assert not Job.objects.exists()


def test_an_event_that_nobody_waits_for_makes_no_job() -> None:
    ring()
    assert not Job.objects.exists()


def test_a_rollback_leaves_neither_event_nor_job() -> None:
    on(Rang)(lambda event: None)
    with transaction.atomic():
        record(Rang(), by=SYSTEM)
        transaction.set_rollback(True)
    assert not EventRecord.objects.exists()
    assert not Job.objects.exists()


def test_a_retry_repeats_only_what_failed() -> None:
    @on(Rang)
    def first(event: Rang) -> None:
        ran.append("first")

    @on(Rang)
    def second(event: Rang) -> None:
        ran.append("second")
        if ran.count("second") == 1:
            raise Retry("not yet")

    @on(Rang)
    def third(event: Rang) -> None:
        ran.append("third")

    ring()
    work_off(ME)
    assert ran == ["first", "second", "third"]
    waiting = Job.objects.get()
    assert waiting.run_at > timezone.now()
    assert "not yet" in waiting.error
    later()
    work_off(ME)
    assert ran == ["first", "second", "third", "second"]
    assert not Job.objects.exists()


def test_what_a_reaction_records_names_its_cause() -> None:
    class Echoed(Event):
        pass

    @on(Rang)
    @transaction.atomic
    def echo(event: Rang) -> None:
        record(Echoed(), by=SYSTEM)

    cause = ring()
    work_off(ME)
    assert EventRecord.objects.get(kind=Echoed.kind).cause_id == cause.pk


def test_after_eight_attempts_the_job_stays_for_a_person(caplog: pytest.LogCaptureFixture) -> None:
    @on(Rang)
    def fail(event: Rang) -> None:
        ran.append(event)
        raise RuntimeError("the roof leaks")

    ring()
    for _ in range(12):
        work_off(ME)
        later()
    assert len(ran) == 8
    job = Job.objects.get()
    assert job.failed_at is not None
    assert "the roof leaks" in job.error
    do_again(job, by=SYSTEM)
    work_off(ME)
    assert len(ran) == 9


def test_a_final_fault_is_not_tried_again_and_does_not_hold_up_the_others() -> None:
    @on(Rang)
    def refuse(event: Rang) -> None:
        ran.append("refuse")
        raise Final("no such address")

    @on(Rang)
    def other(event: Rang) -> None:
        ran.append("other")

    ring()
    work_off(ME)
    later()
    work_off(ME)
    assert ran == ["refuse", "other"]
    job = Job.objects.get()
    assert job.failed_at is not None
    assert "no such address" in job.error


def test_the_fault_may_say_when_to_come_again() -> None:
    @task("wait")
    def wait() -> None:
        raise Retry("busy", after=90)

    enqueue("wait")
    work_off(ME)
    pause = Job.objects.get().run_at - timezone.now()
    assert timedelta(seconds=80) < pause < timedelta(seconds=91)
