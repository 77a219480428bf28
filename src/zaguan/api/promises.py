"""What is promised: policies with their versions, and what they mean for a ticket."""

from typing import Any

from ninja import Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.api.sla_account import AccountOut, account_out
from zaguan.api.sla_shapes import PolicyChange, PolicyIn, PolicyOut, VersionOut, policy_out, version_out
from zaguan.sla.choosing import newest, unclear
from zaguan.sla.models import Calendar, Policy
from zaguan.sla.policies import delete_policy, reorder_policies, save_policy, set_active, used_lately
from zaguan.sla.reading import account_of, beside
from zaguan.tickets.models import Ticket

router = Router(tags=["promises of time"])


def _out(policies: list[Policy]) -> list[dict[str, Any]]:
    used, found = used_lately(policies), []
    for policy in policies:
        version = newest(policy.pk)
        if version is not None:
            found.append(policy_out(policy, version, used.get(policy.pk, 0), unclear(version)))
    return found


def _policies(request: AgentRequest) -> Any:
    return Policy.objects.visible_to(request.auth).kept()


def _policy(request: AgentRequest, policy_id: int) -> Policy:
    found: Policy = looking_up.found(_policies(request), pk=policy_id)
    return found


def _calendar(request: AgentRequest, calendar_id: int | None) -> Calendar | None:
    rows = Calendar.objects.visible_to(request.auth).filter(archived_at=None)
    found: Calendar | None = looking_up.one(rows, calendar_id, "calendar")
    return found


EDITION = Edition(_policy, by_version=True)


@router.get("/sla/policies", response=list[PolicyOut], summary="List the policies of promised times")
@needs("desk.use")
def list_policies(request: AgentRequest) -> list[dict[str, Any]]:
    """In their order: the first active one whose filter finds a ticket holds for it."""
    return _out(list(_policies(request)))


@router.post("/sla/policies", response={201: PolicyOut}, summary="Make a policy")
@needs("sla.manage")
@once
def create_policy(request: AgentRequest, body: PolicyIn) -> Status[Any]:
    """It is off, and the last in order."""
    given = body.model_dump() | {"calendar": _calendar(request, body.calendar)}
    return Status(201, _out([save_policy(None, by=request.auth, **given)])[0])


@router.put("/sla/policies/order", response=list[PolicyOut], summary="Put policies into an order")
@needs("sla.manage")
@once
def order_policies(request: AgentRequest, body: OrderIn) -> list[dict[str, Any]]:
    """Tickets keep the policy that they have until they change, or a rerun."""
    reorder_policies(body.ids, by=request.auth)
    return _out(list(_policies(request)))


@router.get("/sla/policies/{int:policy_id}", response=PolicyOut, summary="Read a policy")
@needs("desk.use")
@EDITION
def read_policy(request: AgentRequest, policy_id: int) -> dict[str, Any]:
    return _out([_policy(request, policy_id)])[0]


@router.patch("/sla/policies/{int:policy_id}", response=PolicyOut, summary="Change a policy")
@needs("sla.manage")
@once
@EDITION
def patch_policy(request: AgentRequest, policy_id: int, body: PolicyChange) -> dict[str, Any]:
    """What it promises becomes a new version; send the `version` you read as If-Match. `active` switches it."""
    policy = _policy(request, policy_id)
    given = body.model_dump(exclude_unset=True)
    active = given.pop("active", None)
    if given:
        now = newest(policy.pk)
        assert now is not None, "every policy has a version"
        kept: dict[str, Any] = {"name": policy.name, "description": policy.description, "query": now.query}
        kept |= {"calendar": now.calendar, "targets": now.targets}
        if "calendar" in given:
            given["calendar"] = _calendar(request, given["calendar"])
        wanted = {name: value for name, value in given.items() if value is not None or name == "calendar"}
        policy = save_policy(policy, by=request.auth, version=_read_version(request), **kept | wanted)
    if active is not None:
        policy = set_active(policy, active, by=request.auth)
    return _out([policy])[0]


def _read_version(request: AgentRequest) -> int | None:
    """The version in If-Match, if there is one."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return int(given) if given.isdecimal() else None


@router.delete("/sla/policies/{int:policy_id}", response={204: None}, summary="Delete a policy")
@needs("sla.manage")
@once
@EDITION
def remove_policy(request: AgentRequest, policy_id: int) -> Status[None]:
    """Clocks of tickets that have it go on, until they change or a rerun."""
    delete_policy(_policy(request, policy_id), by=request.auth)
    return Status(204, None)


@router.get(
    "/sla/policies/{int:policy_id}/versions", response=list[VersionOut], summary="List what a policy has said"
)
@needs("desk.use")
def list_versions(request: AgentRequest, policy_id: int) -> list[dict[str, Any]]:
    """The newest first."""
    rows = _policy(request, policy_id).versions.select_related("made_by").order_by("-number")
    return [version_out(version) for version in rows]


@router.get("/tickets/{int:number}/sla", response=AccountOut, summary="Explain what is promised for a ticket")
@needs("desk.use")
def read_account(request: AgentRequest, number: int) -> dict[str, Any]:
    """The policy and why, each target, each counted stretch, each pause with its cause, and the result."""
    ticket: Ticket = looking_up.ticket_for(request.auth, number)
    account = account_of(ticket.pk)
    assert account is not None, "the ticket is there"
    columns: dict[str, Any] = {
        "state": ticket.sla_state,
        "due_at": ticket.due_at,
        "due_kind": ticket.due_kind,
    }
    columns |= {"number": ticket.pk, "promised_at": ticket.promised_at}
    return columns | account_out(account, beside(request.auth, ticket))
