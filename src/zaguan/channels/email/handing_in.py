"""One mail that is handed in, whose bytes are kept before anybody is told that it is here."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from zaguan.channels.email.receiving_mail import keep
from zaguan.conversations.models import RawMessage


@dataclass(slots=True)
class Given:
    """One mail handed in: `stored` is set once its bytes are committed, `done` once it is processed."""

    content: bytes
    source: str
    envelope: dict[str, Any] = field(default_factory=dict)
    inbox_address: str = ""
    stored: Future[RawMessage] = field(default_factory=Future)
    done: Future[dict[str, Any]] = field(default_factory=Future)


def keep_given(given: Given) -> tuple[RawMessage, bool]:
    """Store its bytes; says whether they are new."""
    return keep(
        given.content, inbox_address=given.inbox_address, source=given.source, envelope=given.envelope
    )


def flush_each_commit() -> None:
    """SQLite: what we said 250 to is on the disk, also if the power fails (PostgreSQL does so by itself)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
