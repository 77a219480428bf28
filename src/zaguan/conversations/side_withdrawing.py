"""Take back what was written to somebody outside before it leaves: its words return to the form they came from (A9)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zaguan.conversations.bodies import shown_again
from zaguan.conversations.drafting import draft_of
from zaguan.conversations.events import MessageWithdrawn
from zaguan.conversations.models import Draft, Message, SideThread
from zaguan.conversations.withdrawing import author_of, given_back, moment_of, unsend
from zaguan.events.recording import record
from zaguan.people.models import Agent
from zaguan.tickets.changing import store
from zaguan.tickets.models import Ticket


@transaction.atomic
def withdraw_beside(message: Message, *, by: Any) -> Draft:
    """Take it back as the author's draft: of the side thread, or of a question when it was the thread's beginning.

    A thread of which nothing is left is gone with it. Raises Refused when it is on its way.
    """
    fresh, ticket = unsend(message, beside=True)
    author = author_of(fresh, by=by)
    side = (
        SideThread.objects.select_for_update(of=("self",)).select_related("thread").get(thread=fresh.thread)
    )
    draft = _draft(fresh, ticket, side, author)
    if draft.kind == Draft.Kind.ASK:
        _forget(side, ticket)
    elif side.thread.messages.filter(pk__gt=fresh.pk, withdrawn_at=None).count() == 0:
        _as_before(side, fresh.details.get("before") or {})
    last = ticket.messages.filter(withdrawn_at=None).order_by("-id").first()
    ticket.active_at = last.created_at if last else ticket.created_at
    store(ticket, "active_at")
    record(MessageWithdrawn(ticket_id=ticket.pk, message_id=fresh.pk, beside=True), by=by)
    return draft


def _draft(message: Message, ticket: Ticket, side: SideThread, author: Agent) -> Draft:
    """The author's words without signature and without what went along; their own files are uploads again."""
    copies = message.details.get("shared") or []
    files = message.attachments.exclude(public_id__in=copies)
    kept: dict[str, Any] = {"attachments": list(files.order_by("pk").values_list("public_id", flat=True))}
    files.update(message=None, uploaded_by=author)
    html = shown_again(message.details.get("written", ""), message.details.get("images", {}))
    if side.thread.messages.filter(withdrawn_at=None).exists():
        return given_back(author, ticket, Draft.Kind.SIDE, html, kept, side.thread)
    asked = {"to": side.people, "subject": side.subject, "days": side.days, "sharing": side.shared}
    return given_back(author, ticket, Draft.Kind.ASK, html, kept | asked)


def _forget(side: SideThread, ticket: Ticket) -> None:
    """Nobody outside knows of it. What others had begun to write in it becomes their question."""
    for draft in side.thread.drafts.select_related("agent"):
        question = draft_of(draft.agent, ticket, Draft.Kind.ASK)
        fields = (question.fields if question else {}) | {"attachments": draft.fields.get("attachments", [])}
        given_back(draft.agent, ticket, Draft.Kind.ASK, draft.html, fields)
        draft.delete()
    side.delete()


def _as_before(side: SideThread, before: dict[str, Any]) -> None:
    """It had been closed, or its time over: writing on had changed that."""
    side.expires_at = moment_of(before.get("expires_at")) or side.expires_at
    side.closed_at = moment_of(before.get("closed_at"))
    side.save(update_fields=["expires_at", "closed_at"])
