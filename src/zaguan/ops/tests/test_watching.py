"""Health, figures and the doctor: what operators look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.conversations.models import Inbox
from zaguan.events import pausing, turns
from zaguan.events.models import Job, Turn
from zaguan.ops.doctor import examine
from zaguan.ops.health import BEAT
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


def failed_job() -> Job:
    now = timezone.now()
    return Job.objects.create(task="tidy", run_at=now, failed_at=now, error="Traceback\nOSError: no room")


def test_a_process_that_answers_is_alive(client: Client) -> None:
    assert client.get("/health/live").status_code == 200


def test_the_desk_is_ready_with_a_worker_only(client: Client) -> None:
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/ready?part=web").status_code == 200
    turns.mark(BEAT)
    assert client.get("/health/ready").status_code == 200
    Turn.objects.update(done_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["worker"]) == (503, False)


def test_the_age_of_the_queue_is_told(client: Client) -> None:
    Job.objects.create(task="late", run_at=timezone.now() - timedelta(seconds=90))
    assert client.get("/health/ready").json()["queue_age_seconds"] >= 90


def test_figures_are_for_this_machine(client: Client, world: World) -> None:
    Inbox.objects.update(last_success_at=timezone.now(), name='Say "hi"')
    failed_job()
    text = client.get("/metrics").content.decode()
    assert 'zaguan_jobs{state="failed"} 1' in text
    assert 'zaguan_inbox_silent_seconds{inbox="Say \\"hi\\""} ' in text
    assert text.count("# TYPE zaguan_jobs gauge") == 1


def test_figures_are_not_for_others(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
    forwarded = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert forwarded.status_code == 403


def test_with_a_token_only_its_bearer_gets_them(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "limonero"
    assert client.get("/metrics").status_code == 403
    right = {"Authorization": "Bearer limonero"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="203.0.113.9").status_code == 200


def problems() -> str:
    return "\n".join(finding.sentence for finding in examine() if not finding.fine)


def test_the_doctor_names_what_is_wrong_and_what_to_do(world: World) -> None:
    Inbox.objects.update(last_error="The server refuses the password.")
    failed_job()
    Turn.objects.create(name="compare mailboxes", due_at=timezone.now(), error="Traceback\nOSError: away")
    pausing.pause()
    found = problems()
    assert "No worker is running (never seen)" in found
    assert "The server refuses the password." in found
    assert "(tidy) failed for good: OSError: no room" in found
    assert "“compare mailboxes” fails: OSError: away" in found
    assert "zaguan resume" in found


def test_the_doctor_misses_an_administrator() -> None:
    assert "zaguan createadmin" in problems()
