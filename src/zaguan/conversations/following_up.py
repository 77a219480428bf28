"""A customer writes to a ticket that is closed or was merged: where the message goes then (A5.9, R22)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.events import NoteAdded
from zaguan.conversations.models import Inbox, Message, Thread
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.tickets.changing import lock
from zaguan.tickets.linking import link
from zaguan.tickets.models import HIDDEN_RANK, Link, Phase, Ticket

ALWAYS_NEW, REOPEN, REOPEN_WITHIN = "always_new_linked", "reopen", "reopen_within_days"
_LONGEST_CHAIN = 20


def survivor(thread: Thread) -> Ticket:
    """The thread's ticket, locked; when that was merged, the one it went into, and the thread moves there."""
    ticket = lock(thread.ticket_id)
    for _step in range(_LONGEST_CHAIN):
        if ticket.merged_into_id is None:
            break
        ticket = lock(ticket.merged_into_id)
    if thread.ticket_id != ticket.pk:
        thread.ticket = ticket
        thread.save(update_fields=["ticket"])
    thread.ticket = ticket
    return ticket


def may_reopen(ticket: Ticket, inbox: Inbox) -> bool:
    """Whether the inbox's policy brings this closed ticket back instead of opening a new one."""
    policy = inbox.settings.get("after_closing", ALWAYS_NEW)
    if policy == REOPEN:
        return True
    days = int(inbox.settings.get("after_closing_days") or 0)
    closed_at = ticket.closed_at or ticket.updated_at
    return policy == REOPEN_WITHIN and timezone.now() - closed_at <= timedelta(days=days)


def open_follow_up(ticket: Ticket, requester_id: int | None) -> Ticket | None:
    """The ticket that already follows up a closed one for this person, locked: a second answer joins it."""
    for _step in range(_LONGEST_CHAIN):
        newer = Link.objects.filter(
            source=ticket,
            kind=Link.Kind.FOLLOW_UP,
            target__requester_id=requester_id,
            target__rank__lt=HIDDEN_RANK,
        ).order_by("-id")
        target = newer.values_list("target_id", flat=True).first()
        if target is None:
            return None
        ticket = lock(target)
        if ticket.phase != Phase.CLOSED:
            return ticket
    return None


def latest_in_chain(ticket: Ticket, requester_id: int | None) -> Ticket:
    """The last closed ticket of a chain of follow-ups; a new one follows that."""
    for _step in range(_LONGEST_CHAIN):
        newer = Link.objects.filter(
            source=ticket,
            kind=Link.Kind.FOLLOW_UP,
            target__requester_id=requester_id,
            target__rank__lt=HIDDEN_RANK,
        ).order_by("-id")
        found = newer.select_related("target").first()
        if found is None:
            break
        ticket = found.target
    return ticket


def tell_both(old: Ticket, new: Ticket) -> None:
    """Link the closed ticket and the one that follows it up, with a note in each."""
    link(old, new, Link.Kind.FOLLOW_UP, by=SYSTEM)
    write_note(
        old,
        _(
            "The customer wrote again after this ticket was closed, which opened the ticket that follows it up."
        ),
    )
    write_note(new, _("The customer wrote again after the ticket before this one was closed."))


def write_note(ticket: Ticket, text: str) -> Message:
    """A short internal note by the system; it wakes nobody and moves nothing."""
    note = Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.NOTE,
        visibility=Message.Visibility.INTERNAL,
        channel="note",
        text=text,
        reply_text=text,
        is_automatic=True,
        created_at=timezone.now(),
    )
    ticket.note_count += 1
    ticket.save(update_fields=["note_count"])
    record(NoteAdded(ticket_id=ticket.pk, message_id=note.pk), by=SYSTEM)
    return note
