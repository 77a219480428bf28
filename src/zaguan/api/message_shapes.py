"""How messages, their files and their deliveries look to machines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Schema

from zaguan.api.shapes import NameOut, PersonOut, named, person
from zaguan.conversations.models import Attachment, Delivery, Message


class AttachmentOut(Schema):
    id: str
    name: str
    content_type: str
    size: int
    is_inline: bool
    url: str


class DeliveryOut(Schema):
    id: int
    address: str
    state: str
    attempt: int
    code: str
    answer: str


class MessageOut(Schema):
    """One message: `reply_text` is what the person wrote, `text` includes what they quoted.

    `details.context` says where on a network it was written, if it was.
    """

    id: int
    direction: str
    visibility: str
    channel: str
    author: PersonOut | None
    agent: NameOut | None
    subject: str
    to: list[list[str]]
    cc: list[list[str]]
    text: str
    reply_text: str
    html: str
    is_automatic: bool
    details: dict[str, Any]
    created_at: datetime
    attachments: list[AttachmentOut]
    deliveries: list[DeliveryOut]


def attachment_out(file: Attachment) -> dict[str, Any]:
    """A file, with the address under which the same token may fetch it."""
    url = f"{settings.BASE_URL}/api/v1/attachments/{file.public_id}"
    return {
        "id": file.public_id,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "is_inline": file.is_inline,
        "url": url,
    }


def delivery_out(delivery: Delivery) -> dict[str, Any]:
    """One attempt to reach one address."""
    return {f: getattr(delivery, f) for f in DeliveryOut.model_fields}


def message_out(message: Message) -> dict[str, Any]:
    """A message read with agent and contact joined, attachments and deliveries prefetched."""
    fields = ("id", "direction", "visibility", "channel", "subject", "to", "cc", "text", "reply_text", "html")
    more = ("is_automatic", "details", "created_at")
    return {f: getattr(message, f) for f in (*fields, *more)} | {
        "author": person(message.contact, message.sender_address or None),
        "agent": named(message.agent),
        "attachments": [attachment_out(a) for a in message.attachments.all()],
        "deliveries": [delivery_out(d) for d in message.deliveries.all()],
    }
