"""The worker's side of the job table: run, remember what is done, try again, give up."""

from __future__ import annotations

import logging
import time
import traceback
from datetime import timedelta

from django.db import Error, connection
from django.utils import timezone

from zaguan.events.base import Event, Reaction, reactions_to
from zaguan.events.claiming import claim, in_hand, is_due
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import caused_by
from zaguan.events.tasks import find_task
from zaguan.lib.errors import Final, Retry
from zaguan.lib.many import ManyRows
from zaguan.lib.statements import remove

log = logging.getLogger("zaguan.worker")

MOST_ATTEMPTS = 8
# Finished jobs are deleted together, but never later than this: what a kill can repeat is that little.
FORGET_AFTER = 0.05
# A reaction that took longer is remembered at once, not with the end of its job.
SLOW = 0.05
_events = ManyRows(lambda numbers: EventRecord.objects.filter(pk__in=numbers))


def work_off(worker: str, late: float = 0) -> int:
    """Claim and run one batch of what could have run for `late` seconds; returns how many jobs that was."""
    if not is_due(late):
        return 0
    jobs = claim(worker, late)
    held = {job.pk for job in jobs}
    in_hand.update(held)
    try:
        _run_all(jobs, worker)
    finally:
        in_hand.difference_update(held)
    return len(jobs)


def _run_all(jobs: list[Job], worker: str) -> None:
    wanted = [job.event_id for job in jobs if job.event_id]
    events = {row.pk: row for row in _events(wanted)} if wanted else {}
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
        remove(Job, finished, leased_by=worker)
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
            _run_reaction(job, row, reaction, event)
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


def _run_reaction(job: Job, row: EventRecord, reaction: Reaction, event: Event) -> None:
    started = time.monotonic()
    with caused_by(row.pk, row):
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
