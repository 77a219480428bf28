"""Incoming messages for tests, with only what a test speaks of."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zaguan.conversations.incoming import Address, Incoming
from zaguan.conversations.models import KnownId, Message, Thread
from zaguan.conversations.signing import message_id_for
from zaguan.conversations.threading import digest_of


def a_mail(sender: str = "dan@customer.example", text: str = "Hola", **fields: Any) -> Incoming:
    """A mail to the support inbox; `to`, `cc`, `in_reply_to` and `references` may be plain strings."""
    values: dict[str, Any] = {"subject": "La impresora no imprime", "text": text, "reply_text": text}
    values["to"] = ("help@zaguan.example",)
    values |= fields
    for name in ("to", "cc", "reply_to"):
        values[name] = tuple(Address(each) for each in _many(values.get(name, ())))
    for name in ("in_reply_to", "references", "delivered_to"):
        values[name] = tuple(_many(values.get(name, ())))
    name = values.pop("name", "")
    return Incoming(sender=Address(sender, name), **values)


def _many(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def an_answer(thread: Thread, agent: Any = None, to: str = "dan@customer.example", **fields: Any) -> Message:
    """What an agent sent in a thread, as the sending side writes it: with its signed Message-ID among the known ids."""
    values: dict[str, Any] = {
        "direction": "out",
        "visibility": "private",
        "channel": "email",
        "text": "Pruebe ahora",
    }
    values |= {"to": [[to, ""]], "created_at": timezone.now(), "agent": agent} | fields
    message = Message.objects.create(ticket=thread.ticket, thread=thread, **values)
    message.external_id = message_id_for(message)
    message.save(update_fields=["external_id"])
    KnownId.objects.create(digest=digest_of(message.external_id), thread=thread, message=message)
    return message
