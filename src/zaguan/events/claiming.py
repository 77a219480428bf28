"""Who may work on which job: leases, their renewal, and their end when a worker dies."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zaguan.events.models import Job
from zaguan.events.workers import is_dead

BATCH = 20
# A killed worker's jobs are free again after this; a living one renews its leases much earlier.
LEASE = timedelta(seconds=30)

# Claimed by a thread of this process and not yet done.
in_hand: set[int] = set()


def due() -> QuerySet[Job]:
    """Jobs that may be claimed now, in order."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Job.objects.filter(free, failed_at=None, run_at__lte=now).order_by("priority", "run_at", "id")


@transaction.atomic
def claim(worker: str, limit: int = BATCH) -> list[Job]:
    """Take the next jobs under a lease. Their key is free again: who asks from now on gets a new job."""
    jobs = list(due().select_for_update(skip_locked=True)[:limit])
    lease = {"leased_by": worker, "leased_until": timezone.now() + LEASE}
    for job in jobs:
        job.attempts += 1
    for attempts in {job.attempts for job in jobs}:
        ids = [job.pk for job in jobs if job.attempts == attempts]
        Job.objects.filter(pk__in=ids).update(attempts=attempts, key=None, **lease)
    return jobs


def renew(worker: str) -> None:
    """Keep hold of everything that this process is doing; call it much more often than LEASE."""
    if in_hand:
        held = Job.objects.filter(pk__in=list(in_hand), leased_by=worker)
        held.update(leased_until=timezone.now() + LEASE)


def release_dead() -> int:
    """Free at once what a dead process of this machine held; returns how many jobs."""
    holders = Job.objects.exclude(leased_by="").values_list("leased_by", flat=True).distinct()
    dead = [name for name in holders if is_dead(name)]
    return Job.objects.filter(leased_by__in=dead).update(leased_until=None, leased_by="") if dead else 0
