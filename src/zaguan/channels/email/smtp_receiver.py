"""The built-in mail receiver: SMTP and LMTP on one port, for the addresses of our inboxes only."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from asgiref.sync import sync_to_async
from django.conf import settings

from zaguan.channels.email.handing_in import Given
from zaguan.channels.email.intake import Intake
from zaguan.conversations.own_addresses import own_addresses
from zaguan.conversations.signing import without_plus

log = logging.getLogger(__name__)

_STORE_SECONDS = 60
# How long the list of our addresses is believed; an address that is not on it is looked up again before a refusal.
_LIST_SECONDS = 5.0
_ASK_AGAIN_SECONDS = 0.5


class Recipients:
    """The addresses that mail is accepted for."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._read_at = -1e9

    async def accept(self, address: str) -> bool:
        """Whether `address`, with or without plus part, belongs to an inbox in use."""
        age = time.monotonic() - self._read_at
        wanted = without_plus(address)
        if age > _LIST_SECONDS or (wanted not in self._known and age > _ASK_AGAIN_SECONDS):
            self._known = await sync_to_async(_active_addresses, thread_sensitive=False)()
            self._read_at = time.monotonic()
        return wanted in self._known


def _active_addresses() -> frozenset[str]:
    from django.db import connection

    from zaguan.conversations.models import Inbox

    try:
        active = set(Inbox.objects.filter(kind="email", is_active=True).values_list("pk", flat=True))
        return frozenset(address for address, inbox in own_addresses().items() if inbox in active)
    finally:
        connection.close()


class Door:
    """What aiosmtpd asks for each mail."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._recipients = Recipients()

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd calls)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept only what is for us."""
        try:
            accepted = await self._recipients.accept(address)
        except Exception:
            log.exception("The addresses of the inboxes could not be read")
            return "451 4.3.0 The database does not answer. Try again later."
        if not accepted:
            return "550 5.1.1 There is no such address here."
        if len(envelope.rcpt_tos) >= 1000:
            return "452 4.5.3 Too many recipients."
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say yes only when the mail is safely stored."""
        content = envelope.content or b""
        assert isinstance(content, bytes)
        sender = (envelope.mail_from or "").strip("<>")
        path = f"Return-Path: <{sender}>\r\n".encode("utf-8", "replace")
        lmtp = bool(getattr(session, "lmtp", False))
        given = Given(
            path + content,
            "lmtp" if lmtp else "smtp",
            {"from": sender, "to": list(envelope.rcpt_tos), "peer": _name(session.peer)},
        )
        self._intake.give(given)
        try:
            raw = await asyncio.wait_for(asyncio.wrap_future(given.stored), _STORE_SECONDS)
        except Exception:
            log.exception("A mail could not be stored")
            answer = "451 4.3.0 The mail could not be stored. Try again later."
        else:
            answer = f"250 2.0.0 Stored as {raw.pk}"
        # LMTP answers for each recipient by itself (RFC 2033).
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if lmtp else answer


def _name(peer: Any) -> str:
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


class Receiver(SMTP):
    """SMTP, and LMTP for those who greet with LHLO."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802 (the name that aiosmtpd looks for)
        """A mail server that delivers locally."""
        assert self.session is not None
        self.session.lmtp = True  # type: ignore[attr-defined]
        await self.smtp_EHLO(hostname)


def receiver(door: Door, loop: asyncio.AbstractEventLoop) -> Receiver:
    """One connection's protocol."""
    return Receiver(
        door,
        data_size_limit=settings.MAIL_SIZE_LIMIT,
        enable_SMTPUTF8=True,
        hostname=socket.gethostname(),
        ident="Zaguan",
        timeout=120,
        loop=loop,
    )


async def serve_smtp(listener: socket.socket, intake: Intake) -> asyncio.Server:
    """Listen on an open socket."""
    loop = asyncio.get_running_loop()
    door = Door(intake)
    return await loop.create_server(lambda: receiver(door, loop), sock=listener)
