"""What failed in the background is seen, done again or forgotten by those who look after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.events.models import EventRecord, Job, Turn
from zaguan.events.repairing import JobForgotten
from zaguan.people.tokens import create_token
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/jobs/"


@pytest.fixture
def admin(world: World, client: Client) -> Client:
    client.force_login(world.bo)
    return client


def a_failed_job(**more: Any) -> Job:
    now = timezone.now()
    error = "Traceback (most recent call last):\n  File x\nOSError: the roof leaks"
    return Job.objects.create(
        task="reports.count", run_at=now, attempts=8, **{"failed_at": now, "error": error, **more}
    )


def test_the_page_tells_what_gave_up_and_why(admin: Client) -> None:
    a_failed_job()
    shown = admin.get(PAGE).content.decode()
    assert "reports.count" in shown
    assert '<span class="late">OSError: the roof leaks</span>' in shown
    assert "Gave up" in shown


def test_what_is_tried_again_by_itself_and_what_fails_by_the_clock_is_told_too(admin: Client) -> None:
    a_failed_job(failed_at=None)
    Turn.objects.create(
        name="compare mailboxes", due_at=timezone.now(), failed_at=timezone.now(), error="no route"
    )
    shown = admin.get(PAGE).content.decode()
    assert "Tried again by itself" in shown
    assert "compare mailboxes" in shown


def test_all_is_well(admin: Client) -> None:
    assert "Nothing failed" in admin.get(PAGE).content.decode()


def test_again_makes_it_due_now(admin: Client) -> None:
    job = a_failed_job()
    admin.post(f"{PAGE}{job.pk}/", {"do": "again"})
    job.refresh_from_db()
    assert (job.failed_at, job.attempts, job.error) == (None, 0, "")


def test_forgetting_leaves_a_trace(admin: Client) -> None:
    job = a_failed_job()
    admin.post(f"{PAGE}{job.pk}/", {"do": "forget"})
    assert not Job.objects.filter(pk=job.pk).exists()
    row = EventRecord.objects.get(kind=JobForgotten.kind)
    assert row.data["error"] == "OSError: the roof leaks"


def test_what_is_being_done_just_now_is_left_alone(admin: Client) -> None:
    job = a_failed_job(failed_at=None, leased_until=timezone.now() + timedelta(minutes=1))
    answer = admin.post(f"{PAGE}{job.pk}/", {"do": "forget"}, follow=True).content.decode()
    assert Job.objects.filter(pk=job.pk).exists()
    assert "being done just now" in answer


def test_others_do_not_find_it(world: World, client: Client) -> None:
    client.force_login(world.ana)
    assert client.get(PAGE).status_code == 403
    assert "Background work" not in client.get("/desk/settings/?all=1").content.decode()


def test_by_api(world: World, client: Client) -> None:
    job = a_failed_job()
    token: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {create_token(world.bo, 'machine', by=world.bo)}"}
    listed = client.get("/api/v1/jobs", **token).json()["items"]
    assert [(each["id"], each["reason"]) for each in listed] == [(job.pk, "OSError: the roof leaks")]
    assert client.post(f"/api/v1/jobs/{job.pk}/retry", **token).status_code == 204
    assert client.delete(f"/api/v1/jobs/{job.pk}", **token).status_code == 204
    assert not Job.objects.filter(pk=job.pk).exists()
