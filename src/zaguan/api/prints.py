"""PDFs of many tickets in one file: begin, ask how far it is, fetch."""

from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.http import FileResponse
from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.automation.choosing import numbers_of_view, visible_numbers
from zaguan.conversations.models import PrintBatch
from zaguan.conversations.printing_many import begin_prints, choose_prints, stop_prints
from zaguan.conversations.prints_file import open_zip
from zaguan.lib.downloads import as_zip

router = Router(tags=["tickets"])


class PrintsIn(Schema):
    """The tickets: `numbers`, or all of a `view` with the filter `q`; at most 500, without `tickets.export` at most 25.

    `customer` holds nothing internal, `full` holds notes and every change. Without `language` each customer's copy is in
    the customer's own, a full copy in the caller's.
    """

    numbers: list[int] = Field(default_factory=list, max_length=50_000)
    view: str = ""
    q: str = ""
    kind: Literal["customer", "full"] = "customer"
    language: Literal["", "es", "en", "pt-br"] = ""


class PrintsOut(Schema):
    """`state`: choosing, waiting, running, stopped or done; `size` is that of the file, 0 as long as there is none."""

    id: str = Field(alias="public_id")
    state: str
    kind: str = Field(alias="copy")
    language: str
    total: int
    made: int
    failed: int
    size: int
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime


class PrintedOut(Schema):
    """`reason` says why there is no PDF of it."""

    number: int = Field(alias="ticket_id")
    state: str
    reason: str


def _batch(request: AgentRequest, prints_id: str) -> PrintBatch:
    return looking_up.found(PrintBatch.objects.visible_to(request.auth), public_id=prints_id)


def _out(batch: PrintBatch) -> dict[str, Any]:
    names = ("public_id", "state", "copy", "language", "total", "made", "failed", "size")
    moments = ("created_at", "ended_at", "expires_at")
    return {name: getattr(batch, name) for name in (*names, *moments)}


@router.post("/prints", response={202: PrintsOut}, summary="Make PDFs of many tickets")
@needs("desk.use")
@once
def create_prints(request: AgentRequest, body: PrintsIn) -> Status[Any]:
    """One after the other in the background. Numbers that one may not see are left out."""
    numbers = (
        numbers_of_view(request.auth, body.view, body.q)
        if body.view
        else visible_numbers(request.auth, body.numbers)
    )
    with transaction.atomic():
        batch = choose_prints(numbers, by=request.auth)
        batch = begin_prints(batch, by=request.auth, copy=body.kind, language=body.language)
    return Status(202, _out(batch))


@router.get("/prints", response=list[PrintsOut], summary="List one's own PDFs of many tickets")
@needs("desk.use")
def list_prints(request: AgentRequest) -> list[dict[str, Any]]:
    """The last fifty that have not expired, newest first."""
    return [_out(batch) for batch in PrintBatch.objects.visible_to(request.auth).order_by("-id")[:50]]


@router.get("/prints/{prints_id}", response=PrintsOut, summary="Read how far PDFs of many tickets are")
@needs("desk.use")
def read_prints(request: AgentRequest, prints_id: str) -> dict[str, Any]:
    """Ask again until `state` is no longer waiting or running."""
    return _out(_batch(request, prints_id))


@router.get("/prints/{prints_id}/tickets", response=list[PrintedOut], summary="Read which PDFs were made")
@needs("desk.use")
def printed_tickets(
    request: AgentRequest, prints_id: str, state: Literal["", "waiting", "made", "failed"] = ""
) -> Any:
    """In the order of numbers."""
    rows = _batch(request, prints_id).tickets.order_by("ticket_id")
    return rows.filter(state=state) if state else rows


@router.post("/prints/{prints_id}/stop", response=PrintsOut, summary="Stop making PDFs")
@needs("desk.use")
@once
def stop(request: AgentRequest, prints_id: str) -> dict[str, Any]:
    """What was made is thrown away."""
    return _out(stop_prints(_batch(request, prints_id), by=request.auth))


@router.get("/prints/{prints_id}/file", summary="Fetch PDFs of many tickets as a ZIP")
@needs("desk.use")
def fetch(request: AgentRequest, prints_id: str) -> FileResponse:
    """Refused as soon as one may no longer see a ticket in it; erased a day after it was made."""
    batch = _batch(request, prints_id)
    return as_zip(open_zip(batch, viewer=request.auth), f"tickets-{batch.pk}.zip")
