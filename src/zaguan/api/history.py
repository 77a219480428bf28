"""What happened to a ticket."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs
from zaguan.api.paging import Paged, oldest_first
from zaguan.events.history import events_of
from zaguan.tickets.seeing import hidden_in

router = Router(tags=["tickets"])


class EventOut(Schema):
    id: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    cause_id: int | None
    data: dict[str, Any]


@router.get("/tickets/{int:number}/events", response=Paged[EventOut], summary="Read the history")
@needs("desk.use")
def list_events(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Every change of the ticket, oldest first; the numbers of tickets that the agent may not know of are null."""
    looking_up.ticket_for(request.auth, number)
    page, after = oldest_first(events_of(number), cursor, size)
    hidden = hidden_in(request.auth, [row.data for row in page])
    for row in page:
        if row.data.get("other_id") in hidden:
            row.data["other_id"] = None
    return {"items": page, "next_cursor": after}
