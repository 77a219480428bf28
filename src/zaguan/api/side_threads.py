"""Side threads: people outside who are asked for help by mail, beside the customer's conversation."""

from datetime import datetime
from typing import Any

from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.message_shapes import MessageOut, message_out
from zaguan.api.messages import uploads
from zaguan.api.opening import PersonIn
from zaguan.api.paging import Paged, oldest_first
from zaguan.api.shapes import NameOut, named
from zaguan.conversations.models import Message, SideThread
from zaguan.conversations.sharing_outside import MOST_MESSAGES, Sharing
from zaguan.conversations.side_threads import (
    MOST_DAYS,
    Question,
    close_side_thread,
    preview_question,
    reopen_side_thread,
    start_side_thread,
    write_beside,
)
from zaguan.conversations.side_withdrawing import withdraw_beside
from zaguan.lib.errors import Refused

router = Router(tags=["side threads"])


class QuestionIn(Schema):
    """`messages` are the last ones of the conversation that go along; internal notes never do.

    `customer`, `ticket` and `files` add what is known of them; `redacted` takes personal data out.
    """

    to: list[PersonIn]
    subject: str
    text: str = ""
    html: str = ""
    messages: int = Field(MOST_MESSAGES, ge=0, le=MOST_MESSAGES)
    customer: bool = True
    ticket: bool = True
    files: bool = False
    redacted: bool = False
    days: int = Field(30, ge=1, le=MOST_DAYS)
    attachments: list[str] = []


class WordsIn(Schema):
    text: str = ""
    html: str = ""
    attachments: list[str] = []


class FileOut(Schema):
    name: str
    size: int


class PreviewOut(Schema):
    """Exactly what would leave, to whom."""

    to: list[list[str]]
    subject: str
    html: str
    text: str
    files: list[FileOut]


class SideThreadOut(Schema):
    """`is_over`: answers are no longer taken in; `late_answers` came after that and wait among the held mails."""

    id: int
    ticket: int
    subject: str
    people: list[list[str]]
    shared: dict[str, Any]
    agent: NameOut | None
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    is_over: bool
    late_answers: int


def side_out(side: SideThread) -> dict[str, Any]:
    plain = ("people", "shared", "created_at", "expires_at", "closed_at", "is_over", "late_answers")
    return {name: getattr(side, name) for name in plain} | {
        "id": side.pk,
        "ticket": side.thread.ticket_id,
        "subject": side.subject,
        "agent": named(side.agent),
    }


def _sides(request: AgentRequest) -> Any:
    return SideThread.objects.visible_to(request.auth).select_related("thread", "agent")


def _side(request: AgentRequest, side_id: int) -> SideThread:
    found: SideThread = looking_up.found(_sides(request), pk=side_id)
    return found


def _html(body: QuestionIn | WordsIn) -> str:
    return body.html or linebreaks(escape(body.text))


def _question(request: AgentRequest, body: QuestionIn) -> Question:
    chosen = ("messages", "customer", "ticket", "files", "redacted")
    return Question(
        to=[(person.email, person.name) for person in body.to],
        subject=body.subject,
        html=_html(body),
        sharing=Sharing(**{name: getattr(body, name) for name in chosen}),
        days=body.days,
        attachments=uploads(request, body.attachments),
    )


@router.get("/tickets/{int:number}/side-threads", response=list[SideThreadOut], summary="List side threads")
@needs("desk.use")
def list_side_threads(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """The newest first."""
    ticket = looking_up.ticket_for(request.auth, number)
    return [side_out(side) for side in _sides(request).filter(thread__ticket=ticket).order_by("-id")]


@router.post(
    "/tickets/{int:number}/side-threads/preview", response=PreviewOut, summary="See what would leave"
)
@needs("conversations.escalate")
def preview_side_thread(request: AgentRequest, number: int, body: QuestionIn) -> dict[str, Any]:
    """Nothing is sent."""
    ticket = looking_up.ticket_for(request.auth, number)
    made = preview_question(ticket, _question(request, body), by=request.auth)
    return {
        "to": [list(person) for person in made.people],
        "subject": made.subject,
        "html": made.html,
        "text": made.text,
        "files": [{"name": name, "size": size} for name, size in made.files],
    }


@router.post(
    "/tickets/{int:number}/side-threads", response={201: SideThreadOut}, summary="Ask somebody outside"
)
@needs("conversations.escalate")
@once
def create_side_thread(request: AgentRequest, number: int, body: QuestionIn) -> Status[Any]:
    """The customer sees nothing of it; answers come back into the side thread.

    The mail leaves after the ten seconds in which it can be taken back.
    """
    ticket = looking_up.ticket_for(request.auth, number)
    made = start_side_thread(ticket, _question(request, body), by=request.auth)
    return Status(201, side_out(_side(request, made.pk)))


def _said(request: AgentRequest, side: SideThread) -> Any:
    rows = Message.objects.visible_to(request.auth).filter(thread=side.thread_id)
    return rows.select_related("agent", "contact").prefetch_related("attachments", "deliveries")


@router.get("/side-threads/{int:side_id}/messages", response=Paged[MessageOut], summary="Read a side thread")
@needs("desk.use")
def list_side_messages(
    request: AgentRequest, side_id: int, cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """Oldest first; `details.side.sender` says whether who wrote was asked, unknown, the customer or an agent."""
    page, after = oldest_first(_said(request, _side(request, side_id)), cursor, size)
    return {"items": [message_out(m) for m in page], "next_cursor": after}


@router.post(
    "/side-threads/{int:side_id}/messages", response={201: MessageOut}, summary="Write in a side thread"
)
@needs("conversations.escalate")
@once
def create_side_message(request: AgentRequest, side_id: int, body: WordsIn) -> Status[Any]:
    """To the same people; it prolongs the time in which answers are taken in."""
    if not (body.text or body.html).strip():
        raise Refused(_("Write something first."), field="text")
    side = _side(request, side_id)
    files = uploads(request, body.attachments)
    message = write_beside(side, _html(body), by=request.auth, attachments=files)
    return Status(201, message_out(_said(request, side).get(pk=message.pk)))


class TakenBackOut(Schema):
    """The words that were taken back. `kind` is `ask` when the thread is gone with them, else `side`."""

    kind: str
    html: str


@router.post(
    "/side-threads/{int:side_id}/messages/{int:message_id}/withdraw",
    response=TakenBackOut,
    summary="Take a message of a side thread back",
)
@needs("conversations.escalate")
@once
def withdraw_side_message(request: AgentRequest, side_id: int, message_id: int) -> dict[str, Any]:
    """Possible for its author for ten seconds, until it begins to leave; its words become the author's draft."""
    own = _said(request, _side(request, side_id)).filter(agent=request.auth)
    draft = withdraw_beside(looking_up.found(own, pk=message_id), by=request.auth)
    return {"kind": draft.kind, "html": draft.html}


class StateIn(Schema):
    closed: bool


@router.put(
    "/side-threads/{int:side_id}/state",
    response=SideThreadOut,
    summary="Close a side thread, or open it again",
)
@needs("conversations.escalate")
@once
def set_side_state(request: AgentRequest, side_id: int, body: StateIn) -> dict[str, Any]:
    """An answer opens a closed one again by itself."""
    side = _side(request, side_id)
    (close_side_thread if body.closed else reopen_side_thread)(side, by=request.auth)
    return side_out(_side(request, side_id))
