"""Clone a ticket: its fields always, what was said in it by choice (A3.2)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zaguan.conversations.attachments import copy_stored
from zaguan.conversations.models import Message, Thread
from zaguan.conversations.moving import recount
from zaguan.events.recording import record
from zaguan.tickets.attributes import by_key, definitions_of
from zaguan.tickets.cloning import same_fields
from zaguan.tickets.linking import link
from zaguan.tickets.models import Attribute, Link, Ticket
from zaguan.tickets.moving_events import MessagesCopied
from zaguan.tickets.opening import open_ticket

# Of these the copy has none: they belong to what was sent and received once.
_ONCE = ("raw", "idempotency_key", "answers", "external_id")
_PLAIN = [
    field.attname
    for field in Message._meta.concrete_fields
    if not field.primary_key and field.name not in (*_ONCE, "ticket", "thread", "details")
]


@transaction.atomic
def clone(ticket: Ticket, *, by: Any, subject: str = "", with_conversation: bool = False) -> Ticket:
    """A new ticket with the same fields, linked to the original. Nothing is sent to anybody."""
    fields = same_fields(ticket)
    if ticket.type is not None and ticket.kind != "back_office":
        fields.type, fields.attributes = ticket.type, by_key(ticket)
        for definition in definitions_of(ticket.type_id):
            if definition.default == Attribute.Default.TITLE:
                # The title is the subject, which may be another one.
                fields.attributes.pop(definition.key, None)
    fields.subject = subject.strip() or ticket.subject
    new = open_ticket(fields, by=by)
    if with_conversation:
        copied = _copy_messages(ticket, new)
        recount(new)
        record(MessagesCopied(ticket_id=new.pk, other_id=ticket.pk, messages=copied), by=by)
    link(ticket, new, Link.Kind.CLONE, by=by)
    new.refresh_from_db()
    return new


def _copy_messages(old: Ticket, new: Ticket) -> int:
    threads: dict[int, Thread] = {}
    rows = old.messages.without_side().filter(withdrawn_at=None).select_related("thread").order_by("id")
    count = 0
    for message in rows:
        was = message.thread
        if was is not None and was.pk not in threads:
            threads[was.pk] = Thread.objects.create(
                ticket=new, inbox=was.inbox, channel=was.channel, subject=was.subject
            )
        copy = Message.objects.create(
            ticket=new,
            thread=threads.get(was.pk) if was else None,
            details={**message.details, "copied_from": message.pk},
            **{name: getattr(message, name) for name in _PLAIN},
        )
        for attachment in message.attachments.all() if message.has_files else ():
            copy_stored(attachment, message=copy)
        count += 1
    return count
