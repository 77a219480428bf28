"""What merging would mean, before it is done: where the tickets differ, and who will see what."""

from typing import Any

from ninja import Query, Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs
from zaguan.conversations.merge_readers import readers
from zaguan.tickets.attribute_joining import choices
from zaguan.tickets.merging import MOST

router = Router(tags=["tickets"])


class DifferenceOut(Schema):
    """An attribute of which the tickets hold different values, each by the number of its ticket."""

    key: str
    label: str
    values: dict[int, str]


class ReaderOut(Schema):
    """Somebody outside who takes part, and whether the answers of the ticket that stays will reach them."""

    name: str
    address: str
    numbers: list[int]
    is_requester: bool
    in_copy: bool


class PreviewOut(Schema):
    attributes: list[DifferenceOut]
    readers: list[ReaderOut]


@router.get(
    "/tickets/{int:number}/merge-preview",
    response=PreviewOut,
    summary="See what merging tickets into this one means",
)
@needs("tickets.merge")
def preview_merge(request: AgentRequest, number: int, numbers: Query[list[int]]) -> dict[str, Any]:
    """Where attributes differ, and who will see what."""
    ticket = looking_up.ticket_for(request.auth, number)
    others = [looking_up.ticket_for(request.auth, each) for each in dict.fromkeys(numbers[:MOST])]
    differing = choices([ticket, *(t for t in others if t.pk != ticket.pk)])
    return {
        "attributes": [{"key": c.key, "label": c.label, "values": dict(c.options)} for c in differing],
        "readers": readers(ticket, others),
    }
