"""Who changed a calendar or a policy, when, and what stood there before."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs
from zaguan.sla.changes import SHOWN, Change, changes_of
from zaguan.sla.models import Calendar, Policy

router = Router(tags=["calendars"])


class PartOut(Schema):
    """One thing that was different, in words; "–" where there was nothing, or is nothing any more."""

    label: str
    old: str
    new: str


class ChangeOut(Schema):
    """What somebody changed at once; `agent` is null for the desk itself, such as a feed that was read."""

    id: int
    at: datetime
    agent: int | None
    changes: list[PartOut]


def _out(rows: list[Change]) -> list[dict[str, Any]]:
    return [{"id": row.id, "at": row.at, "agent": row.agent_id, "changes": list(row.parts)} for row in rows]


@router.get(
    "/calendars/{int:calendar_id}/changes", response=list[ChangeOut], summary="List changes of a calendar"
)
@needs("sla.manage")
def list_calendar_changes(request: AgentRequest, calendar_id: int, before: int = 0) -> list[dict[str, Any]]:
    """The newest first, fifty at once; `before` goes on below a change."""
    calendar = looking_up.found(Calendar.objects.visible_to(request.auth), pk=calendar_id)
    return _out(changes_of(calendar, before=before, count=SHOWN))


@router.get(
    "/sla/policies/{int:policy_id}/changes",
    response=list[ChangeOut],
    summary="List changes of a policy",
    tags=["promises of time"],
)
@needs("sla.manage")
def list_policy_changes(request: AgentRequest, policy_id: int, before: int = 0) -> list[dict[str, Any]]:
    """The same, with what makes no new version: its name, its place, whether it is on."""
    policy = looking_up.found(Policy.objects.visible_to(request.auth).kept(), pk=policy_id)
    return _out(changes_of(policy, before=before, count=SHOWN))
