"""Alive, ready, queue age: what monitors and load balancers ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from zaguan.desk.access import public
from zaguan.events.models import Job, Turn

# A worker says every five seconds that it lives.
BEAT = "worker is alive"
SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Health:
    """What a monitor must know."""

    database: bool
    migrated: bool
    worker_seen_at: datetime | None
    # How long the oldest job waits that should have been done.
    queue_age: float
    failed_jobs: int

    @property
    def worker(self) -> bool:
        return self.worker_seen_at is not None and timezone.now() - self.worker_seen_at < SILENT_AFTER

    def is_ready(self, part: str = "") -> bool:
        """Whether pages can be served; for the whole desk a worker must be there too."""
        return self.database and self.migrated and (self.worker or part == "web")


def look() -> Health:
    """Ask the database how things are."""
    try:
        return Health(
            database=True,
            migrated=migrated(),
            worker_seen_at=Turn.objects.filter(name=BEAT).values_list("done_at", flat=True).first(),
            queue_age=queue_age(),
            failed_jobs=Job.objects.exclude(failed_at=None).count(),
        )
    except Error:
        return Health(database=False, migrated=False, worker_seen_at=None, queue_age=0, failed_jobs=0)


def queue_age() -> float:
    """Seconds that the oldest due job has been waiting."""
    oldest = Job.objects.filter(failed_at=None, run_at__lte=timezone.now()).aggregate(at=Min("run_at"))["at"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


def migrated() -> bool:
    """Whether every migration of this code is applied."""
    return _wanted() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _wanted() -> frozenset[Any]:
    return frozenset(MigrationLoader(None).disk_migrations)


@public
def live(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@public
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the desk works, 503 with the reason when not. `?part=web` asks about pages alone."""
    health = look()
    body = {
        "database": health.database,
        "migrated": health.migrated,
        "worker": health.worker,
        "queue_age_seconds": round(health.queue_age, 1),
        "failed_jobs": health.failed_jobs,
    }
    return JsonResponse(body, status=200 if health.is_ready(request.GET.get("part", "")) else 503)
