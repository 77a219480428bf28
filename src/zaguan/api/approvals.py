"""Approvals on tickets: asked, decided, withdrawn; and those that wait for the caller."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.moments import Moment
from zaguan.api.paging import Paged, newest_first
from zaguan.api.shapes import NameOut, PersonOut, named, person
from zaguan.people.models import Agent, Contact
from zaguan.tickets.approval_reading import asker_of, waits_for, whole
from zaguan.tickets.approvals import Asking, ask, ask_also, decide, withdraw
from zaguan.tickets.models import Approval, ApprovalQuerySet, Approver

router = Router(tags=["approvals"])
_AT = "/tickets/{int:number}/approvals"


class PeopleIn(Schema):
    """`agents` by id, name or mail address; `contacts` by public id or mail address: they get a link by mail."""

    agents: list[int | str] = Field([], max_length=20)
    contacts: list[str] = Field([], max_length=20)


class ApprovalIn(PeopleIn):
    """`team`: everybody else in the ticket's team. `holds`: the ticket cannot be resolved before it is decided."""

    question: str = Field(max_length=2000)
    team: bool = False
    needs: Literal["one", "all"] = "one"
    holds: bool = False
    due_at: Moment | None = None


class DecisionIn(Schema):
    approve: bool
    comment: str = Field("", max_length=1000)


class ReasonIn(Schema):
    reason: str = Field("", max_length=300)


class ApproverOut(Schema):
    """`answer` is "", "approved" or "rejected"; one of `agent` and `contact` says who it is."""

    agent: NameOut | None
    contact: PersonOut | None
    answer: str
    comment: str
    answered_at: datetime | None


class ApprovalOut(Schema):
    """`state`: waiting, approved, rejected, withdrawn. `asked_by` is null when a rule asked. `waits_for_me`: you may decide."""

    id: int
    ticket: int
    question: str
    asked_by: NameOut | None
    asked_by_name: str
    needs: str
    holds: bool
    due_at: datetime | None
    state: str
    reason: str
    created_at: datetime
    decided_at: datetime | None
    waits_for_me: bool
    approvers: list[ApproverOut]


_PLAIN = ("id", "question", "needs", "holds", "due_at", "state", "reason", "created_at", "decided_at")


def _approver(each: Approver) -> dict[str, Any]:
    plain = {name: getattr(each, name) for name in ("answer", "comment", "answered_at")}
    return plain | {"agent": named(each.agent), "contact": person(each.contact)}


def approval_out(approval: Approval, viewer: Agent) -> dict[str, Any]:
    return {name: getattr(approval, name) for name in _PLAIN} | {
        "ticket": approval.ticket_id,
        "asked_by": named(approval.asked_by),
        "asked_by_name": asker_of(approval),
        "waits_for_me": waits_for(approval, viewer),
        "approvers": [_approver(each) for each in approval.approvers.all()],
    }


def _known(request: AgentRequest) -> ApprovalQuerySet:
    return whole(Approval.objects.visible_to(request.auth))


def _approval(request: AgentRequest, number: int, approval_id: int) -> Approval:
    return looking_up.found(_known(request).filter(ticket_id=number), pk=approval_id)


def _again(request: AgentRequest, approval: Approval) -> dict[str, Any]:
    return approval_out(_known(request).get(pk=approval.pk), request.auth)


def _people(request: AgentRequest, body: PeopleIn) -> tuple[list[Agent], list[Contact]]:
    agents = [looking_up.agent(request.auth, each) for each in body.agents]
    contacts = [looking_up.requester(request.auth, each) for each in body.contacts]
    return [each for each in agents if each], [each for each in contacts if each]


@router.get("/approvals", response=Paged[ApprovalOut], summary="List approvals")
@needs("desk.use")
def list_approvals(
    request: AgentRequest, show: Literal["mine", "asked", "all"] = "mine", cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """`mine`: they wait for your yes or no; `asked`: those that you asked for; `all` that you may know of."""
    rows = _known(request)
    if show == "mine":
        rows = rows.waiting_for(request.auth)
    elif show == "asked":
        rows = rows.filter(asked_by=request.auth)
    page, after = newest_first(rows, cursor, size)
    return {"items": [approval_out(each, request.auth) for each in page], "next_cursor": after}


@router.get(_AT, response=list[ApprovalOut], summary="List the approvals of a ticket")
@needs("desk.use")
def list_of_ticket(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """The newest first."""
    ticket = looking_up.ticket_for(request.auth, number)
    rows = _known(request).filter(ticket=ticket).order_by("-id")
    return [approval_out(each, request.auth) for each in rows[:200]]


@router.post(_AT, response={201: ApprovalOut}, summary="Ask for approval")
@needs("tickets.ask_approval")
@once
def create_approval(request: AgentRequest, number: int, body: ApprovalIn) -> Status[Any]:
    """Of agents who may see the ticket, but not of yourself. A no decides at once."""
    ticket = looking_up.ticket_for(request.auth, number)
    agents, contacts = _people(request, body)
    plain = body.model_dump(include={"question", "team", "needs", "holds", "due_at"})
    made = ask(ticket, Asking(agents=agents, contacts=contacts, **plain), by=request.auth)
    return Status(201, _again(request, made))


@router.get(_AT + "/{int:approval_id}", response=ApprovalOut, summary="Read an approval")
@needs("desk.use")
def read_approval(request: AgentRequest, number: int, approval_id: int) -> dict[str, Any]:
    return approval_out(_approval(request, number, approval_id), request.auth)


@router.post(_AT + "/{int:approval_id}/approvers", response=ApprovalOut, summary="Ask somebody else too")
@needs("tickets.ask_approval")
@once
def add_approvers(request: AgentRequest, number: int, approval_id: int, body: PeopleIn) -> dict[str, Any]:
    approval = _approval(request, number, approval_id)
    agents, contacts = _people(request, body)
    return _again(request, ask_also(approval, agents=agents, contacts=contacts, by=request.auth))


@router.post(_AT + "/{int:approval_id}/decide", response=ApprovalOut, summary="Approve or reject")
@needs("desk.use")
@once
def decide_approval(request: AgentRequest, number: int, approval_id: int, body: DecisionIn) -> dict[str, Any]:
    """Only who was asked, and once."""
    approval = _approval(request, number, approval_id)
    return _again(request, decide(approval, body.approve, by=request.auth, comment=body.comment))


@router.post(_AT + "/{int:approval_id}/withdraw", response=ApprovalOut, summary="Withdraw an approval")
@needs("tickets.ask_approval")
@once
def withdraw_approval(request: AgentRequest, number: int, approval_id: int, body: ReasonIn) -> dict[str, Any]:
    return _again(
        request, withdraw(_approval(request, number, approval_id), by=request.auth, reason=body.reason)
    )
