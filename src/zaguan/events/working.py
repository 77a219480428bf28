"""The worker's side of the job table: claim under a lease, run, remember what is done, try again, give up."""

from __future__ import annotations

import logging
import time
import traceback
from datetime import timedelta

from django.db import Error, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zaguan.events.base import Event, Reaction, reactions_to
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import caused_by
from zaguan.events.tasks import find_task
from zaguan.events.workers import is_dead
from zaguan.lib.errors import Final, Retry

log = logging.getLogger("zaguan.worker")

BATCH = 20
# A killed worker's jobs are free again after this; a living one renews its leases much earlier.
LEASE = timedelta(seconds=30)
RENEW_EVERY = 8.0
MOST_ATTEMPTS = 8
# Finished jobs are deleted together, but never later than this: what a kill can repeat is that little.
FORGET_AFTER = 0.05
# A reaction that took longer is remembered at once, not with the end of its job.
SLOW = 0.05

# Claimed by a thread of this process and not yet done.
_in_hand: set[int] = set()


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
    """Keep hold of everything that this process is doing; call it every RENEW_EVERY seconds."""
    if _in_hand:
        held = Job.objects.filter(pk__in=list(_in_hand), leased_by=worker)
        held.update(leased_until=timezone.now() + LEASE)


def release_dead() -> int:
    """Free at once what a dead process of this machine held; returns how many jobs."""
    holders = Job.objects.exclude(leased_by="").values_list("leased_by", flat=True).distinct()
    dead = [name for name in holders if is_dead(name)]
    return Job.objects.filter(leased_by__in=dead).update(leased_until=None, leased_by="") if dead else 0


def work_off(worker: str) -> int:
    """Claim and run one batch; returns how many jobs that was."""
    if not due().exists():
        return 0
    jobs = claim(worker)
    held = {job.pk for job in jobs}
    _in_hand.update(held)
    try:
        _run_all(jobs, worker)
    finally:
        _in_hand.difference_update(held)
    return len(jobs)


def _run_all(jobs: list[Job], worker: str) -> None:
    wanted = [job.event_id for job in jobs if job.event_id]
    events = EventRecord.objects.in_bulk(wanted) if wanted else {}
    finished: list[int] = []
    since = time.monotonic()
    for job in jobs:
        if _run(job, events.get(job.event_id or 0), worker):
            finished.append(job.pk)
        if time.monotonic() - since > FORGET_AFTER:
            _forget(finished, worker)
            since = time.monotonic()
    _forget(finished, worker)


def _forget(finished: list[int], worker: str) -> None:
    """Delete what is done, unless somebody else holds it by now."""
    if finished:
        Job.objects.filter(pk__in=finished, leased_by=worker).delete()
        finished.clear()


def _run(job: Job, row: EventRecord | None, worker: str) -> bool:
    """Whether the job is finished; otherwise its next attempt, or its failure, is written down."""
    if job.attempts > MOST_ATTEMPTS:
        return _give_up(job, job.error or f"The worker ended {MOST_ATTEMPTS} times while doing this.", worker)
    if job.task:
        return _run_task(job, worker)
    return row is None or _react(job, row, worker)


def _run_task(job: Job, worker: str) -> bool:
    function = find_task(job.task)
    if function is None:
        return _give_up(job, f"This version has no task {job.task}.", worker)
    try:
        function(**job.arguments)
    except Final as error:
        return _give_up(job, str(error), worker)
    except Exception as error:  # noqa: BLE001 (a task may fail in any way; the job remembers how)
        return _again(job, error, worker, job.task)
    return True


def _react(job: Job, row: EventRecord, worker: str) -> bool:
    """Run what is left of the reactions to one event, each by itself; a failing one does not hold up the others."""
    try:
        event = row.event()
    except KeyError:
        return _give_up(job, f"This version knows no event {row.kind}.", worker)
    problem: tuple[Exception, str] | None = None
    for reaction in reactions_to(row.kind, same_transaction=False):
        if reaction.name in job.done or f"{reaction.name}!" in job.done:
            continue
        try:
            _run_reaction(job, row.pk, reaction, event)
        except Final as error:
            job.done.append(f"{reaction.name}!")
            job.error = f"{job.error}\n{reaction.name}: {error}".strip()
        except Exception as error:  # noqa: BLE001 (the same)
            problem = (error, reaction.name)
    if problem:
        return _again(job, problem[0], worker, problem[1])
    if any(name.endswith("!") for name in job.done):
        return _give_up(job, job.error, worker)
    return True


def _run_reaction(job: Job, event_id: int, reaction: Reaction, event: Event) -> None:
    started = time.monotonic()
    with caused_by(event_id):
        reaction.run(event)
    job.done.append(reaction.name)
    if time.monotonic() - started > SLOW:
        Job.objects.filter(pk=job.pk).update(done=job.done)


def _again(job: Job, error: Exception, worker: str, name: str) -> bool:
    """Plan the next attempt: 2, 4, 8 … seconds later, or when the fault said so."""
    _mend(error)
    if not isinstance(error, Retry):
        log.warning("%s failed (attempt %s)", name, job.attempts, exc_info=error)
    text = f"{name}: {error}" if isinstance(error, Retry) else _told(name, error)
    if job.attempts >= MOST_ATTEMPTS:
        return _give_up(job, text, worker)
    after = getattr(error, "after", None)
    pause = timedelta(seconds=min(2**job.attempts, 600) if after is None else after)
    _write(job, worker, run_at=timezone.now() + pause, error=text)
    return False


def _told(name: str, error: Exception) -> str:
    return f"{name}: {''.join(traceback.format_exception(error))[-4000:]}"


def _give_up(job: Job, reason: str, worker: str) -> bool:
    log.error("job %s failed for good: %s", job.pk, reason)
    _write(job, worker, failed_at=timezone.now(), error=reason)
    return False


def _write(job: Job, worker: str, **changes: object) -> None:
    mine = Job.objects.filter(pk=job.pk, leased_by=worker)
    mine.update(done=job.done, leased_until=None, leased_by="", **changes)


def _mend(error: Exception) -> None:
    """A broken connection is thrown away; the next query opens another."""
    if isinstance(error, Error):
        connection.close_if_unusable_or_obsolete()


def retry_failed(job: Job) -> None:
    """A person says: try once more, from where it stopped."""
    done = [name for name in job.done if not name.endswith("!")]
    Job.objects.filter(pk=job.pk).update(
        failed_at=None, attempts=0, run_at=timezone.now(), error="", done=done
    )
