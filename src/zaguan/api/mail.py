"""Mail on its way: what failed to come in, what failed to go out, and taking a message back."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.message_shapes import DeliveryOut, delivery_out
from zaguan.api.paging import Paged, newest_first
from zaguan.channels.email.receiving_mail import reprocess
from zaguan.conversations.models import Delivery, Message, RawMessage
from zaguan.conversations.raw import raw_bytes
from zaguan.conversations.retrying import retry
from zaguan.conversations.withdrawing import withdraw

router = Router(tags=["mail"])


class RawOut(Schema):
    """A mail as it came in, and why it is no message."""

    id: int
    state: str
    reason: str
    inbox: str | None
    received_at: datetime


class OutcomeOut(Schema):
    ticket: int | None
    message: int | None
    reason: str


class StuckOut(DeliveryOut):
    ticket: int
    message: int


class WithdrawnOut(Schema):
    """The words that were taken back."""

    html: str
    subject: str


def _raws(request: AgentRequest) -> Any:
    return RawMessage.objects.visible_to(request.auth).select_related("inbox")


def _raw_out(raw: RawMessage) -> dict[str, Any]:
    inbox = raw.inbox.public_id if raw.inbox else None
    plain = {field: getattr(raw, field) for field in ("state", "reason", "received_at")}
    return {"id": raw.pk, "inbox": inbox} | plain


@router.get("/failed-mail", response=Paged[RawOut], summary="List mail that became no message")
@needs("conversations.failed_mail")
def list_failed_mail(
    request: AgentRequest, state: Literal["failed", "held"] = "failed", cursor: str = "", size: int = 50
) -> dict[str, Any]:
    page, after = newest_first(_raws(request).filter(state=state), cursor, size)
    return {"items": [_raw_out(raw) for raw in page], "next_cursor": after}


@router.post("/failed-mail/{int:raw_id}/process", response=OutcomeOut, summary="Process a mail again")
@needs("conversations.failed_mail")
@once
def process_failed_mail(request: AgentRequest, raw_id: int) -> dict[str, Any]:
    """A held one is let in."""
    outcome = reprocess(looking_up.found(_raws(request), pk=raw_id), by=request.auth)
    return {
        "ticket": outcome.ticket.pk if outcome.ticket else None,
        "message": outcome.message.pk if outcome.message else None,
        "reason": outcome.reason,
    }


@router.get("/failed-mail/{int:raw_id}/original", summary="Fetch a mail as it was received")
@needs("conversations.failed_mail")
def fetch_failed_mail(request: AgentRequest, raw_id: int) -> HttpResponse:
    """Of one that became a message, ask for the message: who may see it is decided by its ticket."""
    return _mail(looking_up.found(_raws(request).exclude(state=RawMessage.State.PROCESSED), pk=raw_id))


@router.get("/messages/{int:message_id}/original", summary="Fetch a message as it was received")
@needs("desk.use")
def fetch_original(request: AgentRequest, message_id: int) -> HttpResponse:
    message = looking_up.found(Message.objects.visible_to(request.auth).select_related("raw"), pk=message_id)
    if message.raw is None:
        raise Http404(_("This message has no original: it did not come in by mail."))
    return _mail(message.raw)


def _mail(raw: RawMessage) -> HttpResponse:
    try:
        content = raw_bytes(raw)
    except FileNotFoundError:
        raise Http404(_("The storage has lost this file.")) from None
    headers = {"Content-Disposition": f'attachment; filename="mail-{raw.pk}.eml"'}
    return HttpResponse(content, content_type="message/rfc822", headers=headers)


@router.post("/messages/{int:message_id}/withdraw", response=WithdrawnOut, summary="Take a message back")
@needs("conversations.reply")
@once
def withdraw_message(request: AgentRequest, message_id: int) -> dict[str, Any]:
    """Possible for its author until it begins to leave; its words become the author's draft."""
    own = Message.objects.visible_to(request.auth).filter(agent=request.auth)
    draft = withdraw(looking_up.found(own, pk=message_id), by=request.auth)
    return {"html": draft.html, "subject": draft.fields.get("subject", "")}


@router.get("/deliveries", response=Paged[StuckOut], summary="List what did not arrive")
@needs("desk.use")
def list_deliveries(
    request: AgentRequest,
    state: Literal["failed", "unknown", "queued"] = "failed",
    cursor: str = "",
    size: int = 50,
) -> dict[str, Any]:
    """Of tickets that one may see, newest first."""
    rows = Delivery.objects.visible_to(request.auth).select_related("message").filter(state=state)
    page, after = newest_first(rows, cursor, size)
    items = [delivery_out(d) | {"ticket": d.message.ticket_id, "message": d.message_id} for d in page]
    return {"items": items, "next_cursor": after}


@router.post("/deliveries/{int:delivery_id}/retry", response=DeliveryOut, summary="Send again")
@needs("conversations.reply")
@once
def retry_delivery(request: AgentRequest, delivery_id: int) -> dict[str, Any]:
    """A new attempt for one that failed, or of which nobody knows."""
    delivery = looking_up.found(Delivery.objects.visible_to(request.auth), pk=delivery_id)
    return delivery_out(retry(delivery, by=request.auth))
