"""What customers say on channels that the desk does not read by itself: handed over message by message."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.message_shapes import MessageOut, message_out
from zaguan.api.opening import ContextIn
from zaguan.conversations.entering import enter
from zaguan.conversations.models import Message
from zaguan.lib.errors import Refused
from zaguan.lib.html import clean, text_of

router = Router(tags=["messages"])


class IncomingIn(Schema):
    """The requester's words, as text or HTML; `context` says where on a network they were written."""

    text: str = ""
    html: str = ""
    context: ContextIn | None = None


@router.post(
    "/tickets/{int:number}/incoming", response={201: MessageOut}, summary="Add what the customer said"
)
@needs("tickets.create")
@once
def create_incoming(request: AgentRequest, number: int, body: IncomingIn) -> Status[Any]:
    """Whoever may open a ticket for a customer may write down what they say next; it reopens as a mail would."""
    ticket = looking_up.ticket_for(request.auth, number)
    if ticket.requester is None:
        raise Refused(_("Choose who asks: a ticket for a customer needs a requester."), field="number")
    cleaned = clean(body.html).html if body.html else ""
    text = body.text or text_of(cleaned)
    if not text.strip():
        raise Refused(_("Write something first."), field="text")
    context = body.context.model_dump() if body.context else None
    said = enter(
        ticket,
        ticket.requester,
        text,
        by=ticket.requester,
        html=cleaned,
        channel=ticket.channel,
        context=context,
    )
    rows = Message.objects.visible_to(request.auth).select_related("agent", "contact")
    return Status(201, message_out(rows.prefetch_related("attachments", "deliveries").get(pk=said.pk)))
