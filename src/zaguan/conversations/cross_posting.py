"""Tell in linked conversations what happens in a ticket: notes by choice, changes of status always (A13.13, A13.14).

A tracker tells all its conversations, a back-office ticket the one it is worked on for, and that one tells the
back office. Many are told by a job, a few at a time; how far it has come is written with what is told.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.attachments import copy_stored
from zaguan.conversations.events import LinkedStatusChanged, NotePublished
from zaguan.conversations.models import CrossPosting, Message
from zaguan.conversations.noting import add_note
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.categories import Category
from zaguan.tickets.models import Link, Ticket

Kind = Link.Kind
# As many are told at once; on SQLite nobody can write meanwhile.
NOTES, STATUSES = 20, 100
TASK = "conversations.cross_posting"
_NAMED = re.compile(r"""\sdata-mention\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""", re.IGNORECASE)


def told_by(ticket: Ticket) -> QuerySet[Link]:
    """The links along which a ticket tells, oldest first."""
    along = Q(source=ticket, kind__in=(Kind.TRACKED, Kind.BACK_OFFICE))
    return Link.objects.filter(along | Q(target=ticket, kind=Kind.BACK_OFFICE)).order_by("pk")


@transaction.atomic
def publish_note(note: Message, *, by: Any) -> CrossPosting:
    """Publish an internal note in the linked conversations too, as an internal note there; once, however often asked.

    Raises Refused for what is no note, and where nothing is linked.
    """
    if note.direction != Message.Direction.NOTE or note.withdrawn_at is not None:
        raise Refused(_("Only a note can be published in linked conversations."))
    known = CrossPosting.objects.filter(note=note).first()
    if known is not None:
        return known
    total = told_by(note.ticket).count()
    if not total:
        raise Refused(_("No conversation is linked to this ticket."))
    posting = _begin(note.ticket_id, total, by=by, note=note)
    record(NotePublished(ticket_id=note.ticket_id, message_id=note.pk, conversations=total), by=by)
    return posting


@transaction.atomic
def tell_status(number: int, statuses: list[int], *, by: Any) -> CrossPosting | None:
    """Tell a change of status in every linked conversation; None when there is none."""
    ticket = Ticket.objects.get(pk=number)
    links = told_by(ticket)
    total = links.count()
    return _begin(number, total, by=by, statuses=statuses) if total else None


def _begin(number: int, total: int, *, by: Any, **what: Any) -> CrossPosting:
    agent = by if isinstance(by, Agent) else None
    posting = CrossPosting.objects.create(
        ticket_id=number, total=total, agent=agent, created_at=timezone.now(), **what
    )
    if total == 1:
        # The one conversation of the back office: its people see it at once.
        tell_next(posting.pk)
    else:
        enqueue(TASK, posting=posting.pk)
    return posting


@task(TASK)
def tell_on(posting: int) -> None:
    """Tell everybody who is left, a few in each transaction."""
    while tell_next(posting):
        pass


@transaction.atomic
def tell_next(number: int) -> bool:
    """Tell the next few; says whether there are more. What is told and how far it came are written together."""
    posting = CrossPosting.objects.select_for_update(of=("self",)).filter(pk=number).first()
    # None: it was taken back.
    if posting is None or posting.finished_at is not None:
        return False
    size = NOTES if posting.note_id else STATUSES
    links = list(told_by(posting.ticket).filter(pk__gt=posting.last_link)[:size])
    for link in links:
        other = link.target_id if link.source_id == posting.ticket_id else link.source_id
        _tell(posting, other)
    posting.posted += len(links)
    posting.last_link = links[-1].pk if links else posting.last_link
    posting.finished_at = None if len(links) == size else timezone.now()
    posting.save(update_fields=["posted", "last_link", "finished_at"])
    return posting.finished_at is None


def _tell(posting: CrossPosting, other: int) -> None:
    by = posting.agent or SYSTEM
    if posting.note is None:
        event = LinkedStatusChanged(
            ticket_id=other,
            other_id=posting.ticket_id,
            statuses=posting.statuses,
            category=posting.ticket.kind,
        )
        record(event, by=by)
        return
    note = add_note(other, _introduced(posting), by=by, idempotency_key=key_of(posting.pk, other))
    files = [copy_stored(file, message=note) for file in posting.note.attachments.all()]
    if files and not note.has_files:
        Message.objects.filter(pk=note.pk).update(has_files=True)
        Ticket.objects.filter(pk=other).update(has_files=True)


def key_of(posting: int, other: int | str) -> str:
    """What makes a copy of a note the same copy, however often it is written."""
    return f"published:{posting}:{other}"


def _introduced(posting: CrossPosting) -> str:
    """The note's words after a line that says where they come from; who is named in it was told already."""
    assert posting.note is not None
    words = {
        Category.TRACKER: _("From the tracker:"),
        Category.BACK_OFFICE: _("From the back office:"),
    }
    head = words.get(posting.ticket.kind, _("From the conversation:"))  # type: ignore[call-overload]
    return f"<p><em>{head}</em></p>{_NAMED.sub('', posting.note.html)}"
