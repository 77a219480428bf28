"""What failed in the background: seen by a person, done again or forgotten at their word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import Event
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import record
from zaguan.events.waking import wake_after_commit
from zaguan.lib.errors import Refused


@dataclass(frozen=True, kw_only=True)
class JobStartedAgain(Event):
    """A person wants a job that had failed to be tried once more."""

    job_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class JobForgotten(Event):
    """A person decided that a job that had failed need not be done."""

    job_id: int
    what: str
    error: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One job with an error, told for a person."""

    job: Job
    what: str
    ticket_id: int | None = None

    @property
    def reason(self) -> str:
        """The last line of what was written down: of a traceback, the error itself."""
        lines = [line for line in self.job.error.strip().splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""

    @property
    def has_more(self) -> bool:
        """Whether more was written down than the reason."""
        return self.job.error.strip() != self.reason


def troubles(jobs: Iterable[Job]) -> list[Trouble]:
    """Each job with what it is about; two questions for all of them."""
    found = list(jobs)
    events = EventRecord.objects.in_bulk([job.event_id for job in found if job.event_id])
    told = []
    for job in found:
        row = events.get(job.event_id or 0)
        told.append(Trouble(job, _what(job, row), row.ticket_id if row else job.arguments.get("ticket_id")))
    return told


def _what(job: Job, row: EventRecord | None) -> str:
    return job.task or (row.kind if row else "–")


@transaction.atomic
def do_again(job: Job, *, by: Any) -> None:
    """Try once more, at once and from where it stopped."""
    fresh = _held(job)
    fresh.done = [name for name in fresh.done if not name.endswith("!")]
    fresh.failed_at, fresh.attempts, fresh.run_at, fresh.error = None, 0, timezone.now(), ""
    fresh.save(update_fields=["failed_at", "attempts", "run_at", "error", "done"])
    record(JobStartedAgain(job_id=fresh.pk, what=troubles([fresh])[0].what), by=by)
    wake_after_commit()


@transaction.atomic
def forget(job: Job, *, by: Any) -> None:
    """Do it never; what it was and why it failed stays in the events."""
    fresh = _held(job)
    trouble, number = troubles([fresh])[0], fresh.pk
    fresh.delete()
    record(JobForgotten(job_id=number, what=trouble.what, error=trouble.reason[:500]), by=by)


def _held(job: Job) -> Job:
    """The job as it is now, while nobody works on it; raises Refused otherwise."""
    fresh: Job | None = Job.objects.select_for_update().filter(pk=job.pk).first()
    if fresh is None:
        raise Refused(_("This has been done or forgotten meanwhile."))
    if fresh.leased_until is not None and fresh.leased_until > timezone.now():
        raise Refused(_("This is being done just now."))
    return fresh
