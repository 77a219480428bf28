"""What somebody wants to send, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from zaguan.conversations.addressing import Person
from zaguan.conversations.models import Attachment, Inbox, Message
from zaguan.tickets.models import Status
from zaguan.tickets.time_parts import NewTime


@dataclass(kw_only=True)
class Outgoing:
    """What an agent or a rule wants to send. Recipients left as None are chosen by `addressing`."""

    html: str
    mode: str = "reply"
    answers: Message | None = None
    to: list[Person] | None = None
    cc: list[Person] | None = None
    bcc: list[Person] | None = None
    subject: str = ""
    inbox: Inbox | None = None
    attachments: list[Attachment] = field(default_factory=list)
    status: Status | None = None
    status_reason: str = ""
    until: datetime | None = None
    idempotency_key: str | None = None
    last_seen_id: int | None = None
    automatic: bool = False
    # What was worked for it; logged with it or not at all.
    time: NewTime | None = None
