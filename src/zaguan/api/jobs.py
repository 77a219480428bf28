"""Work in the background that failed: look at it, do it again, forget it."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.paging import Paged, newest_first
from zaguan.events.models import Job
from zaguan.events.repairing import Trouble, do_again, forget, troubles

router = Router(tags=["operation"])


class JobOut(Schema):
    """A job with an error; `failed_at` is empty while it is still tried again by itself."""

    id: int
    what: str
    ticket: int | None
    attempts: int
    run_at: datetime
    failed_at: datetime | None
    reason: str
    error: str


def _job_out(trouble: Trouble) -> dict[str, Any]:
    job = trouble.job
    plain = {field: getattr(job, field) for field in ("attempts", "run_at", "failed_at", "error")}
    return {"id": job.pk, "what": trouble.what, "ticket": trouble.ticket_id, "reason": trouble.reason} | plain


@router.get("/jobs", response=Paged[JobOut], summary="List what failed in the background")
@needs("desk.background_work")
def list_jobs(request: AgentRequest, cursor: str = "", size: int = 50) -> dict[str, Any]:
    rows = Job.objects.visible_to(request.auth).exclude(error="")
    page, after = newest_first(rows, cursor, size)
    return {"items": [_job_out(trouble) for trouble in troubles(page)], "next_cursor": after}


@router.post("/jobs/{int:job_id}/retry", response={204: None}, summary="Do a failed job again")
@needs("desk.background_work")
@once
def retry_job(request: AgentRequest, job_id: int) -> None:
    """At once, and from where it stopped."""
    do_again(looking_up.found(Job.objects.visible_to(request.auth), pk=job_id), by=request.auth)


@router.delete("/jobs/{int:job_id}", response={204: None}, summary="Forget a failed job")
@needs("desk.background_work")
def forget_job(request: AgentRequest, job_id: int) -> None:
    """What it was and why it failed stays in the events."""
    forget(looking_up.found(Job.objects.visible_to(request.auth), pk=job_id), by=request.auth)
