"""One ticket that is really two: messages go to a new one, with their files, deliveries and everything that leads to them (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.models import KnownId, Mention, Message, Thread
from zaguan.conversations.moving import recount
from zaguan.conversations.threading import digest_of
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Contact
from zaguan.tickets.changing import lock
from zaguan.tickets.cloning import same_fields
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Phase, Ticket
from zaguan.tickets.moving_events import MessagesMoved
from zaguan.tickets.opening import open_ticket


@transaction.atomic
def split(
    message: Message,
    *,
    by: Any,
    subject: str = "",
    with_later: bool = False,
    requester: Contact | None = None,
) -> Ticket:
    """Open a ticket for this message, and all later ones if asked for, and link the two.

    It is of whoever wrote the message, or of `requester`. Raises Refused when nothing would stay behind.
    """
    old = lock(message.ticket_id)
    if old.is_hidden:
        raise Refused(_("Ticket %(number)s is no longer there.") % {"number": old.pk})
    moving = _chosen(old, message, with_later=with_later)
    fields = same_fields(old)
    fields.subject = subject.strip() or message.subject or old.subject
    fields.requester = requester or message.contact or old.requester
    # Closed is over: what is split off is to be worked on. Those in copy of the old one have not asked for the new one.
    fields.status, fields.copies = None, []
    new = open_ticket(fields, by=by)
    _move(old, new, moving)
    for ticket in (old, new):
        recount(ticket)
    link(old, new, Link.Kind.SPLIT, by=by)
    record(MessagesMoved(ticket_id=old.pk, other_id=new.pk, messages=len(moving), outwards=True), by=by)
    record(MessagesMoved(ticket_id=new.pk, other_id=old.pk, messages=len(moving), outwards=False), by=by)
    return new


def _chosen(old: Ticket, message: Message, *, with_later: bool) -> list[Message]:
    """Never out of a side thread: those stay with the ticket that they were begun on."""
    rows = Message.objects.without_side().filter(ticket=old, withdrawn_at=None)
    rows = rows.select_related("thread").order_by("id")
    found = list(rows.filter(pk__gte=message.pk) if with_later else rows.filter(pk=message.pk))
    if not found:
        raise Refused(_("This message is no longer there."))
    if len(found) == rows.count():
        raise Refused(_("Nothing would stay behind: choose a later message."), field="message")
    return found


def _move(old: Ticket, new: Ticket, moving: Sequence[Message]) -> None:
    """Each strand gets one of its own in the new ticket; the ids of what moved lead there."""
    threads: dict[int, Thread] = {}
    for message in moving:
        was = message.thread
        if was is not None and was.pk not in threads:
            threads[was.pk] = Thread.objects.create(
                ticket=new, inbox=was.inbox, channel=was.channel, subject=was.subject
            )
        message.ticket, message.thread = new, threads.get(was.pk) if was else None
    numbers = [message.pk for message in moving]
    Message.objects.bulk_update(moving, ["ticket", "thread"])
    Mention.objects.filter(message__in=numbers).update(ticket=new)
    Thread.objects.filter(pk__in=threads).update(split_at=timezone.now())
    for was_pk, thread in threads.items():
        KnownId.objects.filter(thread=was_pk, message__in=numbers).update(thread=thread)
    # Our own mails are known by their signature, which names the old strand: from now on their ids say more.
    sent = [m for m in moving if m.thread_id and m.external_id and m.direction == Message.Direction.OUT]
    KnownId.objects.bulk_create(
        [KnownId(digest=digest_of(m.external_id), thread=m.thread, message=m) for m in sent],
        ignore_conflicts=True,
    )


def undoes(old: Ticket, new: Ticket) -> bool:
    """Whether taking a split back is still that: nothing but merging it in again, as long as it is unfinished."""
    return not new.is_hidden and not old.is_hidden and new.phase != Phase.CLOSED
