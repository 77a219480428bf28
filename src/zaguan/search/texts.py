"""The words that each kind of thing contributes."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast

from zaguan.conversations.models import Attachment, Message
from zaguan.lib.folding import words_of
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Identity
from zaguan.tickets.attributes import attribute_texts
from zaguan.tickets.models import CarbonCopy, ProductItem, Tag, Ticket

# A text beyond this is a file by another name; its beginning is found.
LONGEST_TEXT = 100_000


def _ask_message(number: int) -> Any:
    return Message.objects.filter(pk=number, withdrawn_at=None).values_list(
        *("ticket_id", "visibility", "has_files", "reply_text", "text"),
        *("ticket__subject", "subject", "sender_name", "sender_address", "contact__name"),
    )


def _ask_ticket(number: int) -> Any:
    return Ticket.objects.filter(pk=number).values_list(
        "subject", "summary", "account", "requester__name", "organisation__name", "type_id"
    )


def _ask_belongings(number: int) -> Any:
    addresses = Identity.objects.filter(contact__tickets=number).values_list("value")
    tags = Tag.objects.filter(tickets=number).order_by().values_list("name")
    copies = CarbonCopy.objects.filter(ticket=number)
    # A merged ticket is found by its number and subject: in the one that it went into.
    merged = Ticket.objects.filter(merged_into=number)
    numbers = merged.values_list(Cast("pk", CharField()))
    serials = ProductItem.objects.filter(tickets=number).order_by()
    return addresses.union(
        *(tags, copies.values_list("email"), copies.values_list("name")),
        *(merged.values_list("subject"), numbers),
        *(serials.values_list("serial"), serials.values_list("serial_key")),
        all=True,
    )


_message = Prepared(_ask_message)
_files = Prepared(lambda number: Attachment.objects.filter(message_id=number).values_list("name"))
_ticket = Prepared(_ask_ticket)
_belongings = Prepared(_ask_belongings)


def message_words(message_id: int, *, whole: bool) -> tuple[int, bool, list[str]] | None:
    """The ticket of a message, whether it is internal, and its words; None for one that was withdrawn.

    `whole` takes quoted text too: of the first message of a ticket, whose quotes are nowhere else.
    """
    found = _message(message_id)
    if not found:
        return None
    ticket_id, visibility, has_files, reply, text, *others = found[0]
    body = text if whole or not reply else reply
    names = [row[0] for row in _files(message_id)] if has_files else []
    own = dict.fromkeys(other for other in [*others, *names] if other)
    return ticket_id, visibility == "internal", words_of(" ".join([*own, body[:LONGEST_TEXT]]))


def ticket_words(number: int) -> list[str]:
    """The words of a ticket's head: subject, people, tags, copies."""
    found = _ticket(number)
    if not found:
        return []
    *head, type_id = found[0]
    texts = [text for text in [*head, *(attribute_texts(number, type_id) if type_id else ())] if text]
    return words_of(" ".join([str(number), *texts, *(row[0] for row in _belongings(number))])[:LONGEST_TEXT])
