"""Messages that change their ticket, with their threads and files; and what a ticket's columns then say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zaguan.conversations.addressing import FORWARD
from zaguan.conversations.drafting import LONGEST
from zaguan.conversations.models import Draft, Mention, Message, Thread, TicketItem
from zaguan.lib.text import excerpt
from zaguan.tickets.changing import store
from zaguan.tickets.merging import along, rows_along
from zaguan.tickets.models import (
    Activity,
    ChecklistItem,
    Follower,
    Party,
    Phase,
    ProductItem,
    Ticket,
    TimeEntry,
    Timer,
)

COLUMNS = (
    *("message_count", "note_count", "has_files", "active_at", "excerpt", "excerpt_kind", "excerpt_agent_id"),
    *("last_customer_at", "first_answered_at", "waiting_since"),
)


def recount(ticket: Ticket) -> None:
    """Let the columns of the list say what its messages say. Call with the lock held."""
    rows = Message.objects.without_side().filter(ticket=ticket, withdrawn_at=None).order_by("id")
    ticket.message_count = ticket.note_count = 0
    ticket.has_files, ticket.active_at = False, ticket.created_at
    ticket.last_customer_at = ticket.first_answered_at = None
    waiting: datetime | None = ticket.created_at
    facts = rows.values_list("direction", "is_automatic", "contact_id", "created_at", "has_files", "details")
    for direction, automatic, contact, at, has_files, details in facts:
        is_note = direction == Message.Direction.NOTE
        ticket.note_count += is_note
        ticket.message_count += not is_note
        ticket.has_files = ticket.has_files or has_files
        ticket.active_at = max(ticket.active_at, at)
        if direction == Message.Direction.IN and contact and not details.get("auto_reply"):
            ticket.last_customer_at, waiting = at, waiting or at
        elif direction == Message.Direction.OUT and not automatic and details.get("mode") != FORWARD:
            ticket.first_answered_at, waiting = ticket.first_answered_at or at, None
    ticket.waiting_since = waiting if ticket.phase in (Phase.NEW, Phase.OPEN) else None
    last = rows.only("reply_text", "text", "subject", "direction").last()
    ticket.excerpt = excerpt(last.reply_text or last.text or last.subject, 160) if last else ""
    ticket.excerpt_kind = last.direction if last else ""
    ticket.excerpt_agent_id = last.agent_id if last else None
    store(ticket, *COLUMNS)


def _move_messages(source: Ticket, target: Ticket) -> dict[str, list[int]]:
    """All messages with their threads. Ids say in which order things were said, whatever ticket they are in."""
    moved = {
        "messages": list(Message.objects.filter(ticket=source).values_list("pk", flat=True)),
        "threads": list(Thread.objects.filter(ticket=source).values_list("pk", flat=True)),
    }
    Message.objects.filter(ticket=source).update(ticket=target)
    Thread.objects.filter(ticket=source).update(ticket=target)
    Mention.objects.filter(ticket=source).update(ticket=target)
    return moved


def _move_back(moved: Any, source: Ticket, target: Ticket) -> None:
    """What was written since stays where it was written."""
    Message.objects.filter(pk__in=moved["messages"], ticket=target).update(ticket=source)
    Thread.objects.filter(pk__in=moved["threads"], ticket=target).update(ticket=source)
    Mention.objects.filter(message__in=moved["messages"], ticket=target).update(ticket=source)


def _move_drafts(source: Ticket, target: Ticket) -> list[int]:
    """Nobody's words are lost: a second draft of the same agent is added to the first, and kept for taking the merge back."""
    there = {
        (d.agent_id, d.kind, d.thread_id): d
        for d in Draft.objects.filter(ticket=target).select_for_update(of=("self",))
    }
    moved = []
    for draft in Draft.objects.filter(ticket=source):
        first = there.get((draft.agent_id, draft.kind, draft.thread_id))
        if first is None:
            draft.ticket = target
            draft.save(update_fields=["ticket"])
            moved.append(draft.pk)
            continue
        first.html = (first.html + draft.html)[:LONGEST]
        files = [*first.fields.get("attachments", []), *draft.fields.get("attachments", [])]
        first.fields = first.fields | {"attachments": list(dict.fromkeys(files))}
        first.save()
    return moved


def _drafts_back(moved: Any, source: Ticket, target: Ticket) -> None:
    kept = {(d.agent_id, d.kind, d.thread_id) for d in Draft.objects.filter(ticket=source)}
    for draft in Draft.objects.filter(pk__in=moved, ticket=target):
        if (draft.agent_id, draft.kind, draft.thread_id) not in kept:
            draft.ticket = source
            draft.save(update_fields=["ticket"])


along("conversation", _move_messages, _move_back)
along("drafts", _move_drafts, _drafts_back)
# What hangs on a ticket goes along. A person who follows both, or has a clock on both, keeps one.
for _model, _once in (
    (TimeEntry, ()),
    (Timer, ("agent_id",)),
    (Follower, ("agent_id",)),
    (Party, ("role_id", "contact_id", "agent_id", "email")),
    (Activity, ()),
    (ChecklistItem, ()),
    (TicketItem, ()),
    (ProductItem.tickets.through, ("productitem_id",)),
):
    rows_along(_model, once=_once)
