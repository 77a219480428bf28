"""Who may work on which job: leases, their renewal, and their end when a worker dies."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zaguan.events.models import Job
from zaguan.events.workers import is_dead
from zaguan.lib.statements import Lookup, Rows, update

BATCH = 20
# A killed worker's jobs are free again after this; a living one renews its leases much earlier.
LEASE = timedelta(seconds=30)

# Claimed by a thread of this process and not yet done.
in_hand: set[int] = set()


def _due(now: datetime, since: datetime) -> QuerySet[Job]:
    """Jobs that are free now and could run since then, in order."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Job.objects.filter(free, failed_at=None, run_at__lte=since).order_by("priority", "run_at", "id")


# Asked after each commit: their SQL is made once.
_first = Lookup(lambda now, since: _due(now, since).values_list("pk")[:1], datetime, datetime)
_free = Rows(
    lambda now, since: _due(now, since).select_for_update(skip_locked=True)[:BATCH], datetime, datetime
)


def is_due(late: float = 0) -> bool:
    """Whether there is anything to claim."""
    now = timezone.now()
    return bool(_first(now, now - timedelta(seconds=late)))


@transaction.atomic
def claim(worker: str, late: float = 0) -> list[Job]:
    """Take the next jobs under a lease. Their key is free again: who asks from now on gets a new job."""
    now = timezone.now()
    jobs: list[Job] = _free(now, now - timedelta(seconds=late))
    for job in jobs:
        job.attempts += 1
        job.key, job.leased_by, job.leased_until = None, worker, now + LEASE
        update(job, "attempts", "key", "leased_by", "leased_until")
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
