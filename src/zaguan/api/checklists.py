"""Checklists of tickets, and what was promised."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.moments import Moment
from zaguan.api.shapes import NameOut, named
from zaguan.lib.errors import Refused
from zaguan.tickets.checklists import add_items, remove_item, tick
from zaguan.tickets.models import ChecklistItem, ChecklistTemplate, Ticket
from zaguan.tickets.promising import set_promise

router = Router(tags=["activities"])


class CheckIn(Schema):
    """Texts, or the name of a list that is kept for use again."""

    items: list[str] = []
    template: int | str | None = None


class CheckChange(Schema):
    done: bool


class CheckOut(Schema):
    id: int
    text: str
    done_at: datetime | None
    done_by: NameOut | None


class PromiseIn(Schema):
    """`reason` is needed to change one; `promised_at` null takes it back."""

    promised_at: Moment | None
    reason: str = ""
    public: bool | None = None


class PromiseOut(Schema):
    """`kept` is known once the ticket is solved."""

    promised_at: datetime | None
    promised_by: NameOut | None
    public: bool
    kept: bool | None


def _check_out(item: ChecklistItem) -> dict[str, Any]:
    return {"id": item.pk, "text": item.text, "done_at": item.done_at, "done_by": named(item.done_by)}


def _checklist(ticket: Ticket) -> list[dict[str, Any]]:
    return [_check_out(item) for item in ticket.checklist.select_related("done_by")]


@router.get("/tickets/{int:number}/checklist", response=list[CheckOut], summary="Read a ticket's checklist")
@needs("desk.use")
def read_checklist(request: AgentRequest, number: int) -> Any:
    return _checklist(looking_up.ticket_for(request.auth, number))


@router.post(
    "/tickets/{int:number}/checklist",
    response={201: list[CheckOut]},
    summary="Put things on a ticket's checklist",
)
@needs("tickets.plan_activities")
@once
def add_to_checklist(request: AgentRequest, number: int, body: CheckIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    template = looking_up.one(ChecklistTemplate.objects.visible_to(request.auth), body.template, "template")
    add_items(ticket, template.items if template else body.items, by=request.auth)
    return Status(201, _checklist(ticket))


@router.patch(
    "/tickets/{int:number}/checklist/{int:item_id}", response=CheckOut, summary="Tick an item off, or not"
)
@needs("tickets.plan_activities")
@once
def tick_item(request: AgentRequest, number: int, item_id: int, body: CheckChange) -> dict[str, Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    return _check_out(tick(looking_up.found(ticket.checklist.all(), pk=item_id), body.done, by=request.auth))


@router.delete(
    "/tickets/{int:number}/checklist/{int:item_id}",
    response={204: None},
    summary="Take an item off a checklist",
)
@needs("tickets.plan_activities")
def remove_check(request: AgentRequest, number: int, item_id: int) -> None:
    ticket = looking_up.ticket_for(request.auth, number)
    remove_item(looking_up.found(ticket.checklist.all(), pk=item_id), by=request.auth)


def _promise(ticket: Ticket) -> dict[str, Any]:
    return {
        "promised_at": ticket.promised_at,
        "promised_by": named(ticket.promised_by),
        "public": ticket.is_promise_public,
        "kept": ticket.promise_kept,
    }


@router.get("/tickets/{int:number}/promise", response=PromiseOut, summary="Read what was promised")
@needs("desk.use")
def read_promise(request: AgentRequest, number: int) -> dict[str, Any]:
    return _promise(looking_up.ticket_for(request.auth, number))


@router.put(
    "/tickets/{int:number}/promise",
    response=PromiseOut,
    summary="Promise a solution by a time, or take it back",
)
@needs("tickets.edit")
@once
def write_promise(request: AgentRequest, number: int, body: PromiseIn) -> dict[str, Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    if body.promised_at is None and ticket.promised_at is None:
        raise Refused(_("Say by when it will be solved."), field="promised_at")
    return _promise(
        set_promise(ticket, body.promised_at, by=request.auth, reason=body.reason, public=body.public)
    )
