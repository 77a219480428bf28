"""Write down what came in: the message, its files, the ids that lead to it, and what the ticket shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from zaguan.conversations.attachments import store as store_file
from zaguan.conversations.incoming import Address, Incoming
from zaguan.conversations.models import Message, RawMessage, Thread
from zaguan.conversations.threading import remember_ids
from zaguan.lib.new_rows import new
from zaguan.lib.statements import insert
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent, Contact
from zaguan.tickets.changing import store
from zaguan.tickets.models import Phase, Ticket

# Paths of the files stored in the transaction that runs now.
_stored: ContextVar[list[str]] = ContextVar("stored")


def write_message(
    incoming: Incoming,
    thread: Thread,
    *,
    raw: RawMessage | None,
    contact: Contact | None = None,
    agent: Agent | None = None,
    direction: str = Message.Direction.IN,
    visibility: str = Message.Visibility.PRIVATE,
    extra: dict[str, Any] | None = None,
    new_thread: bool = False,
) -> Message:
    """The row of a message with its files; the thread's ticket is the message's."""
    message = new(
        Message,
        ticket_id=thread.ticket_id,
        thread=thread,
        direction=direction,
        visibility=visibility,
        channel=thread.channel,
        agent=agent,
        contact=contact,
        sender_name=incoming.sender.name[:160],
        sender_address=incoming.sender.email[:254],
        subject=incoming.subject[:300],
        to=pairs(incoming.to),
        cc=pairs(incoming.cc),
        text=incoming.text,
        reply_text=incoming.reply_text,
        html=incoming.html,
        has_remote_content=incoming.has_remote_content,
        external_id=incoming.external_id[:998],
        raw=raw,
        details=details_of(incoming) | (extra or {}),
        is_automatic=incoming.machine.any,
        has_files=bool(incoming.files),
        created_at=timezone.now(),
        sent_at=incoming.sent_at,
    )
    insert(message)
    _write_files(incoming, message)
    remember_ids(thread, message, incoming, new=new_thread)
    return message


def pairs(addresses: Iterable[Address]) -> list[list[str]]:
    """Addresses as a message keeps them."""
    return [[address.email, address.name] for address in addresses if address.email]


def details_of(incoming: Incoming) -> dict[str, Any]:
    """What receiving found out; only what there is, so that an ordinary mail has nothing."""
    machine = incoming.machine
    found: dict[str, Any] = {
        "marks": list(machine.marks),
        "warnings": list(incoming.warnings),
        "reply_to": pairs(incoming.reply_to),
        "language": incoming.language,
        "auto_reply": machine.auto_reply,
        "bulk": machine.bulk,
        "notice": machine.notice,
        "spam": machine.spam,
    }
    if incoming.forwarded_from is not None:
        found["forwarded_from"] = [incoming.forwarded_from.email, incoming.forwarded_from.name]
    return {name: value for name, value in found.items() if value}


@contextmanager
def removing_files_on_failure() -> Iterator[None]:
    """Within: when the transaction fails, the files that it stored go with its rows. One may lie in another."""
    names: list[str] = []
    around = _stored.get(None)
    token = _stored.set(names)
    try:
        yield
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise
    else:
        if around is not None:
            around += names
    finally:
        _stored.reset(token)


def _write_files(incoming: Incoming, message: Message) -> None:
    for file in incoming.files:
        attachment = store_file(
            file.content,
            file.name,
            file.content_type,
            message=message,
            content_id=file.content_id,
            is_inline=file.inline,
        )
        _stored.get([]).append(attachment.stored_as)


def show_on_ticket(ticket: Ticket, message: Message, *, answered: bool) -> None:
    """The columns that lists read. `answered`: the customer wrote, and waits for us. Call with the lock held."""
    now: datetime = message.created_at
    ticket.active_at = now
    ticket.excerpt = excerpt(message.reply_text or message.text or message.subject, 160)
    is_note = message.direction == Message.Direction.NOTE
    ticket.excerpt_kind, ticket.excerpt_agent_id = message.direction, message.agent_id
    ticket.message_count += not is_note
    ticket.note_count += is_note
    ticket.has_files = ticket.has_files or message.has_files
    fields = ["active_at", "excerpt", "excerpt_kind", "excerpt_agent_id"]
    fields += ["message_count", "note_count", "has_files"]
    if answered:
        ticket.last_customer_at = now
        if ticket.phase in (Phase.NEW, Phase.OPEN):
            ticket.waiting_since = ticket.waiting_since or now
        fields += ["last_customer_at", "waiting_since"]
    store(ticket, *fields)
