"""Bulk changes: actions or a macro on many tickets, in the background, with a result for each."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.macro_shapes import StepIn
from zaguan.api.macros import refuse_missing
from zaguan.automation.choosing import numbers_of_view, visible_numbers
from zaguan.automation.models import Macro, Run
from zaguan.automation.runs import start_run, stop_run
from zaguan.automation.steps import checked, stored
from zaguan.automation.undoing import undo_run

router = Router(tags=["tickets"])


class RunIn(Schema):
    """The tickets: `numbers`, or all of a `view` with the filter `q`. What to do: `steps`, or a `macro`."""

    numbers: list[int] = Field(default_factory=list, max_length=50_000)
    view: str = ""
    q: str = ""
    steps: list[StepIn] = Field(default_factory=list)
    macro: int | None = None


class RunOut(Schema):
    """`state`: waiting, running, done, stopped, undoing or undone."""

    id: int
    title: str
    state: str
    macro: int | None
    total: int
    done: int
    same: int
    refused: int
    undone: int
    created_at: datetime
    ended_at: datetime | None


class RunTicketOut(Schema):
    """`reason` says why it was refused, or not taken back."""

    number: int = Field(alias="ticket_id")
    state: str
    reason: str
    messages: list[int]


State = Literal["", "waiting", "done", "same", "refused", "undone", "kept"]


def _out(run: Run) -> dict[str, Any]:
    """Plain values: the answer of a call that is made once is kept."""
    named = {"macro": run.macro_id}
    return named | {name: getattr(run, name) for name in RunOut.model_fields if name not in named}


def _run(request: AgentRequest, run_id: int) -> Run:
    return looking_up.found(Run.objects.visible_to(request.auth), pk=run_id)


@router.post("/bulk", response={202: RunOut}, summary="Begin a bulk change")
@needs("desk.use")
@once
def begin_run(request: AgentRequest, body: RunIn) -> Status[Any]:
    """Each step needs the caller's own permission for it. Numbers that one may not see are left out."""
    macro = looking_up.found(Macro.objects.visible_to(request.auth), pk=body.macro) if body.macro else None
    given = [step.model_dump() for step in body.steps]
    steps = stored(macro.steps) if macro else checked(given, request.auth)
    refuse_missing(request, steps)
    numbers = (
        numbers_of_view(request.auth, body.view, body.q)
        if body.view
        else visible_numbers(request.auth, body.numbers)
    )
    return Status(202, _out(start_run(numbers, steps, by=request.auth, macro=macro)))


@router.get("/bulk", response=list[RunOut], summary="List one's own bulk changes")
@needs("desk.use")
def list_runs(request: AgentRequest) -> Any:
    """The last fifty, newest first."""
    return [_out(run) for run in Run.objects.visible_to(request.auth).order_by("-id")[:50]]


@router.get("/bulk/{int:run_id}", response=RunOut, summary="Read a bulk change")
@needs("desk.use")
def read_run(request: AgentRequest, run_id: int) -> dict[str, Any]:
    """Ask again until `state` is no longer waiting or running."""
    return _out(_run(request, run_id))


@router.get(
    "/bulk/{int:run_id}/tickets", response=list[RunTicketOut], summary="Read the result of each ticket"
)
@needs("desk.use")
def run_tickets(
    request: AgentRequest, run_id: int, state: State = "", after: int = 0, limit: int = 200
) -> Any:
    """In the order of numbers; `after` is the last number of the page before."""
    rows = _run(request, run_id).tickets.filter(ticket_id__gt=after).order_by("ticket_id")
    if state:
        rows = rows.filter(state=state)
    return rows[: max(1, min(limit, 1000))]


@router.post("/bulk/{int:run_id}/stop", response=RunOut, summary="Stop a bulk change")
@needs("desk.use")
@once
def stop(request: AgentRequest, run_id: int) -> dict[str, Any]:
    """What is done stays until it is taken back."""
    return _out(stop_run(_run(request, run_id), by=request.auth))


@router.post("/bulk/{int:run_id}/undo", response=RunOut, summary="Take a bulk change or a macro back")
@needs("desk.use")
@once
def undo(request: AgentRequest, run_id: int) -> dict[str, Any]:
    """What others changed since stays as they left it."""
    return _out(undo_run(_run(request, run_id), by=request.auth))
