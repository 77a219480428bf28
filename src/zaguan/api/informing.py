"""One message to everybody affected by a tracker."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.paging import decode, encode, limit
from zaguan.conversations.informed import html_of, numbers_of, recipients_of
from zaguan.conversations.informing import retry_failures
from zaguan.conversations.mass_updates import leave_out, plan_update, start_update, stop_update
from zaguan.conversations.models import MassUpdate

router = Router(tags=["trackers"])
RecipientState = Literal["waiting", "sent", "delivered", "unknown", "failed", "skipped", "excluded"]


class UpdateIn(Schema):
    """`translations` are texts (HTML) by code of language: es, en, pt-br; everybody else gets `text` or `html`.

    `leave_out` are numbers of tickets. Without `start` it is a draft, to be looked at first.
    """

    text: str = ""
    html: str = ""
    translations: dict[str, str] = {}
    per_minute: int = 0
    leave_out: list[int] = []
    start: bool = False


class UpdateOut(Schema):
    id: int
    tracker: int
    state: str
    starts_at: datetime | None
    finished_at: datetime | None
    text: str
    translations: dict[str, str]
    per_minute: int
    numbers: dict[str, int]


class RecipientOut(Schema):
    number: int
    name: str
    channel: str
    language: str
    text: str
    state: str
    reason: str
    missing: list[str]
    message_id: int | None
    written_in: str


class RecipientsOut(Schema):
    items: list[RecipientOut]
    next_cursor: str | None


def _out(update: MassUpdate) -> dict[str, Any]:
    update.refresh_from_db()
    names = ("state", "starts_at", "finished_at", "text", "translations", "per_minute")
    plain = {name: getattr(update, name) for name in names}
    return {"id": update.pk, "tracker": update.tracker_id, "numbers": numbers_of(update)} | plain


def _found(request: AgentRequest, update_id: int) -> MassUpdate:
    return looking_up.found(MassUpdate.objects.visible_to(request.auth), pk=update_id)


@router.get(
    "/tickets/{int:number}/mass-updates",
    response=list[UpdateOut],
    summary="List messages to everybody affected",
)
@needs("desk.use")
def list_updates(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """The newest fifty of a tracker."""
    ticket = looking_up.ticket_for(request.auth, number)
    rows = MassUpdate.objects.visible_to(request.auth).filter(tracker=ticket)
    return [_out(update) for update in rows.order_by("-pk")[:50]]


@router.post(
    "/tickets/{int:number}/mass-updates", response={201: UpdateOut}, summary="Inform everybody affected"
)
@needs("conversations.inform")
@once
def create_update(request: AgentRequest, number: int, body: UpdateIn) -> Status[Any]:
    """Each affected customer gets it once, in their own conversation; started, it waits a minute for a change of mind."""
    tracker = looking_up.ticket_for(request.auth, number)
    update = plan_update(
        tracker,
        body.html or html_of(body.text),
        by=request.auth,
        per_minute=body.per_minute,
        translations=body.translations,
    )
    leave_out(update, body.leave_out)
    if body.start:
        start_update(update, by=request.auth)
    return Status(201, _out(update))


@router.get("/mass-updates/{int:update_id}", response=UpdateOut, summary="Read how a mass update stands")
@needs("desk.use")
def read_update(request: AgentRequest, update_id: int) -> dict[str, Any]:
    return _out(_found(request, update_id))


@router.get("/mass-updates/{int:update_id}/recipients", response=RecipientsOut, summary="Read who gets what")
@needs("desk.use")
def list_recipients(
    request: AgentRequest,
    update_id: int,
    state: RecipientState | None = None,
    cursor: str = "",
    size: int = 50,
) -> dict[str, Any]:
    """Each with the words as they get them, and what became of it; as far as the agent may know of them."""
    found = _found(request, update_id)
    after = decode(cursor) or 0
    lines, more = recipients_of(found, request.auth, only=state or "", after=after, size=limit(size))
    items = [{name: getattr(line, name) for name in RecipientOut.model_fields} for line in lines]
    return {"items": items, "next_cursor": encode(more) if more else None}


@router.post("/mass-updates/{int:update_id}/start", response=UpdateOut, summary="Start a mass update")
@needs("conversations.inform")
@once
def start(request: AgentRequest, update_id: int) -> dict[str, Any]:
    return _out(start_update(_found(request, update_id), by=request.auth))


@router.post(
    "/mass-updates/{int:update_id}/stop", response=UpdateOut, summary="Take back or stop a mass update"
)
@needs("conversations.inform")
@once
def stop(request: AgentRequest, update_id: int) -> dict[str, Any]:
    """Before anything left it is a draft again; later, whoever waits does not get it."""
    return _out(stop_update(_found(request, update_id), by=request.auth))


class RetryOut(Schema):
    again: int


@router.post("/mass-updates/{int:update_id}/retry", response=RetryOut, summary="Try again what failed")
@needs("conversations.inform")
@once
def retry(request: AgentRequest, update_id: int) -> dict[str, Any]:
    return {"again": retry_failures(_found(request, update_id), by=request.auth)}
