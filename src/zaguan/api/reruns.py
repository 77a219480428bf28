"""Counting the clocks of open tickets anew: compared first, then applied in the background."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.sla.models import Difference, Policy, Rerun
from zaguan.sla.rerunning import apply_rerun, start_preview, stop_rerun
from zaguan.tickets.models import Ticket

router = Router(tags=["promises of time"])


class RerunIn(Schema):
    """Null: every open ticket."""

    policy: int | None = None


class RerunOut(Schema):
    """`state`: looking, ready, applying, done or stopped. Of `total` open tickets `seen` were looked at."""

    id: int
    policy: int | None
    state: str
    total: int
    seen: int
    changed: int
    breached: int
    saved: int
    applied: int
    created_at: datetime
    ended_at: datetime | None


class DifferenceOut(Schema):
    number: int = Field(alias="ticket_id")
    kind: str
    policy_before: str
    policy_after: str
    state_before: str
    state_after: str
    due_before: datetime | None
    due_after: datetime | None


def rerun_out(rerun: Rerun) -> dict[str, Any]:
    """A rerun and how far it is."""
    named = {"policy": rerun.policy_id}
    return named | {name: getattr(rerun, name) for name in RerunOut.model_fields if name not in named}


def difference_out(one: Difference) -> dict[str, Any]:
    """One target that would change."""
    names = [name for name in DifferenceOut.model_fields if name != "number"]
    return {"ticket_id": one.ticket_id} | {name: getattr(one, name) for name in names}


@router.post("/sla/reruns", response={202: RerunOut}, summary="Compare what counting anew would change")
@needs("sla.manage")
@once
def begin_rerun(request: AgentRequest, body: RerunIn) -> Status[Any]:
    """In the background: ask again until `state` is ready, read the differences, then apply."""
    kept = Policy.objects.visible_to(request.auth).kept()
    policy = looking_up.found(kept, pk=body.policy) if body.policy is not None else None
    return Status(202, rerun_out(start_preview(policy, by=request.auth)))


@router.get("/sla/reruns", response=list[RerunOut], summary="List the last reruns")
@needs("sla.manage")
def list_reruns(request: AgentRequest) -> list[dict[str, Any]]:
    """The newest first."""
    return [rerun_out(rerun) for rerun in Rerun.objects.visible_to(request.auth).order_by("-id")[:20]]


def _rerun(request: AgentRequest, rerun_id: int) -> Rerun:
    return looking_up.found(Rerun.objects.visible_to(request.auth), pk=rerun_id)


@router.get("/sla/reruns/{int:rerun_id}", response=RerunOut, summary="Read a rerun and how far it is")
@needs("sla.manage")
def read_rerun(request: AgentRequest, rerun_id: int) -> dict[str, Any]:
    return rerun_out(_rerun(request, rerun_id))


@router.get(
    "/sla/reruns/{int:rerun_id}/differences", response=list[DifferenceOut], summary="Read what would change"
)
@needs("sla.manage")
def list_differences(
    request: AgentRequest, rerun_id: int, after: int = 0, limit: int = 200
) -> list[dict[str, Any]]:
    """In the order of tickets; `after` is the last number of the page before. Only of tickets that one may see."""
    seen = Ticket.objects.visible_to(request.auth).values("pk")
    rows: Any = _rerun(request, rerun_id).differences.filter(ticket_id__gt=after, ticket_id__in=seen)
    page: list[Difference] = list(rows.order_by("ticket_id", "id")[: max(1, min(limit, 1000))])
    return [difference_out(one) for one in page]


@router.post("/sla/reruns/{int:rerun_id}/apply", response=RerunOut, summary="Apply what was compared")
@needs("sla.manage")
@once
def apply(request: AgentRequest, rerun_id: int) -> dict[str, Any]:
    """In the background, in batches; `applied` grows."""
    return rerun_out(apply_rerun(_rerun(request, rerun_id), by=request.auth))


@router.post("/sla/reruns/{int:rerun_id}/stop", response=RerunOut, summary="Stop a rerun")
@needs("sla.manage")
@once
def stop(request: AgentRequest, rerun_id: int) -> dict[str, Any]:
    """What was applied stays."""
    return rerun_out(stop_rerun(_rerun(request, rerun_id), by=request.auth))
