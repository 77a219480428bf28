"""One change to many tickets, each by the same verbs as alone; and postponing one."""

from typing import Any

from django.db import transaction
from ninja import Field, Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.changing import TicketChange, change, check_permissions
from zaguan.api.moments import Moment
from zaguan.api.reading import shown
from zaguan.api.shapes import TicketOut
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

router = Router(tags=["tickets"])


class BulkIn(Schema):
    numbers: list[int] = Field(min_length=1, max_length=200)
    change: TicketChange


class ResultOut(Schema):
    """`problem` says why this one stayed as it was."""

    number: int
    done: bool
    problem: str = ""


class SnoozeIn(Schema):
    until: Moment


@router.post("/tickets/bulk", response=list[ResultOut], summary="Change many tickets")
@needs("desk.use")
@once
def change_tickets(request: AgentRequest, body: BulkIn) -> list[dict[str, Any]]:
    """Those that refuse say why, the others are changed; those that one may not see are left out."""
    given = body.change.model_dump(exclude_unset=True)
    check_permissions(request.auth, given)
    rows = Ticket.objects.visible_to(request.auth).filter(pk__in=body.numbers).order_by("pk")
    return [_changed(request, ticket, given) for ticket in rows]


def _changed(request: AgentRequest, ticket: Ticket, given: dict[str, Any]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            change(ticket, given, by=request.auth)
    except Refused as refusal:
        return {"number": ticket.pk, "done": False, "problem": refusal.sentence}
    return {"number": ticket.pk, "done": True}


@router.post("/tickets/{int:number}/snooze", response=TicketOut, summary="Postpone a ticket")
@needs("tickets.set_status")
@once
def snooze_ticket(request: AgentRequest, number: int, body: SnoozeIn) -> Any:
    """It comes back by itself at that time."""
    ticket = looking_up.ticket_for(request.auth, number)
    set_status(ticket, default_status(Phase.SNOOZED), by=request.auth, until=body.until)
    return shown(number, request.auth)
