"""Take a message back before it leaves: the words return to the composer, the status to what it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zaguan.conversations.bodies import shown_again
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.events import MessageWithdrawn
from zaguan.conversations.models import SIDE, Delivery, Draft, Message, Thread
from zaguan.conversations.replying import UNDO_SECONDS
from zaguan.conversations.settling import SETTLED
from zaguan.conversations.time_written import forget_time_of
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, store
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.statuses import restore_status

__all__ = ["UNDO_SECONDS", "withdraw"]


@transaction.atomic
def withdraw(message: Message, *, by: Any) -> Draft:
    """Take a message back that has not begun to leave, and give its text back as the author's draft.

    The status returns to what it was unless somebody changed it since. Raises Refused when it is on its way.
    """
    fresh, ticket = unsend(message)
    draft = _draft(fresh, ticket, by=by)
    _finish(fresh, ticket, by=by)
    return draft


@transaction.atomic
def withdraw_unwritten(message: Message, *, by: Any) -> None:
    """The same for a message that an action wrote: nobody typed it, so no draft comes back."""
    fresh, ticket = unsend(message)
    _finish(fresh, ticket, by=by)


def unsend(message: Message, *, beside: bool = False) -> tuple[Message, Ticket]:
    """Out of the queue, and gone for everybody. Raises Refused when it is on its way. Call within a transaction."""
    ticket = lock(message.ticket_id)
    fresh = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    _refuse_gone(fresh, beside=beside)
    fresh.deliveries.all().delete()
    fresh.withdrawn_at = timezone.now()
    fresh.save(update_fields=["withdrawn_at"])
    return fresh, ticket


def _finish(message: Message, ticket: Ticket, *, by: Any) -> None:
    _restore_status(message, ticket, by=by)
    ticket.refresh_from_db()
    _settle(message, ticket)
    forget_time_of(message, by=by)
    record(MessageWithdrawn(ticket_id=ticket.pk, message_id=message.pk), by=by)


@transaction.atomic
def withdraw_note(note: Message, *, by: Any) -> None:
    """Take back a note that an action wrote. What people wrote by hand stays."""
    ticket = lock(note.ticket_id)
    fresh = Message.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if fresh.direction != Message.Direction.NOTE or fresh.withdrawn_at is not None:
        raise Refused(_("This message cannot be taken back."))
    fresh.withdrawn_at = timezone.now()
    fresh.save(update_fields=["withdrawn_at"])
    last = ticket.messages.without_side().filter(withdrawn_at=None).order_by("-id").first()
    ticket.note_count = max(ticket.note_count - 1, 0)
    ticket.active_at = last.created_at if last else ticket.created_at
    ticket.excerpt = excerpt(last.reply_text or last.text, 160) if last else ""
    ticket.excerpt_kind = last.direction if last else ""
    ticket.excerpt_agent_id = last.agent_id if last else None
    store(ticket, "note_count", "active_at", "excerpt", "excerpt_kind", "excerpt_agent_id")
    forget_time_of(fresh, by=by)
    record(MessageWithdrawn(ticket_id=ticket.pk, message_id=fresh.pk), by=by)


def _refuse_gone(message: Message, *, beside: bool) -> None:
    # What goes to somebody outside never becomes the draft of an answer to the customer.
    sent = message.direction == Message.Direction.OUT and (message.channel == SIDE) is beside
    if not sent or message.withdrawn_at is not None:
        raise Refused(_("This message cannot be taken back."))
    if _on_its_way(message):
        raise Refused(_("Too late: this message is already on its way."))


def _on_its_way(message: Message) -> bool:
    """Anything but untouched in the queue: a claimed delivery may leave at any moment."""
    touched = ~Q(state=Delivery.State.QUEUED) | Q(leased_until__gt=timezone.now()) | Q(tries__gt=0)
    return message.deliveries.filter(touched).exists() or not message.deliveries.exists()


def _draft(message: Message, ticket: Ticket, *, by: Any) -> Draft:
    """The author's words as they typed them. The uploads are theirs again."""
    author = author_of(message, by=by)
    files = list(message.attachments.all())
    message.attachments.update(message=None, uploaded_by=author)
    fields: dict[str, Any] = {
        "mode": message.details.get("mode", "reply"),
        "answers": message.answers_id,
        "to": message.to,
        "cc": message.cc,
        "bcc": message.details.get("bcc", []),
        "subject": message.subject,
        "attachments": [file.public_id for file in files],
        "worked": message.details.get("worked", {}),
    }
    html = shown_again(message.html, message.details.get("images", {}))
    return given_back(author, ticket, Draft.Kind.REPLY, html, fields)


def author_of(message: Message, *, by: Any) -> Agent:
    """Whose draft it becomes. Raises Refused for what nobody typed."""
    author = message.agent or (by if isinstance(by, Agent) else None)
    if author is None:
        raise Refused(_("This message cannot be taken back."))
    return author


def given_back(
    author: Agent, ticket: Ticket, kind: str, html: str, fields: dict[str, Any], thread: Thread | None = None
) -> Draft:
    """The words as a draft again, before what was begun since they were sent: nobody's words are lost (bug 18)."""
    typed = draft_of(author, ticket, kind, thread)
    if typed is not None and text_of(typed.html).strip() != text_of(html).strip():
        html += typed.html
        fields["attachments"] = [*fields["attachments"], *typed.fields.get("attachments", [])]
    return save_draft(author, ticket, kind, html, fields, thread)


def _restore_status(message: Message, ticket: Ticket, *, by: Any) -> None:
    before = message.details.get("before") or {}
    if before.get("set") is None or ticket.status_id != before["set"] or before["set"] == before["status"]:
        return
    status = Status.objects.filter(pk=before["status"]).first()
    if status is not None:
        restore_status(ticket, status, by=by, reason=before["reason"], until=moment_of(before["until"]))


def _settle(message: Message, ticket: Ticket) -> None:
    """The columns of the list, as if the message had not been."""
    before = message.details.get("before") or {}
    said = ticket.messages.without_side().filter(withdrawn_at=None).order_by("-id")
    last = said.first()
    ticket.message_count = max(ticket.message_count - 1, 0)
    ticket.has_files = said.filter(has_files=True).exists()
    ticket.active_at = last.created_at if last else ticket.created_at
    ticket.excerpt = excerpt(last.reply_text or last.text, 160) if last else ""
    ticket.excerpt_kind = last.direction if last else ""
    ticket.excerpt_agent_id = last.agent_id if last else None
    if not said.filter(direction=Message.Direction.OUT, pk__gt=message.pk).exists():
        ticket.first_answered_at = moment_of(before.get("first_answered_at"))
        if ticket.phase in (Phase.NEW, Phase.OPEN):
            ticket.waiting_since = moment_of(before.get("waiting_since")) or ticket.waiting_since
    store(ticket, *SETTLED)


def moment_of(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None
