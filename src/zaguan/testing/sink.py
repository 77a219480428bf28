"""An SMTP server that keeps what it gets, and misbehaves on request."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Taken:
    """One message that the sink accepted."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Sink:
    """What the sink took so far, and how it behaves from now on.

    `refuse` maps a recipient to the reply it gets ("550 5.1.1 No such user", "451 4.7.1 Later").
    `after_data` says what follows the last line of a message:
    "accept"; "hang" (kept, never answered); "drop" (kept, then the line is cut); or a reply such as "552 5.2.2 Full".
    """

    port: int = 0
    messages: list[Taken] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    after_data: str = "accept"

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd calls)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.refuse.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.after_data[:1].isdigit():
            return self.after_data
        content = envelope.original_content or b""
        self.messages.append(Taken(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if self.after_data == "hang":
            await asyncio.sleep(3600)
        if self.after_data == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 2.0.0 Taken"


class _Loopback(Controller):
    """A controller on a port of the kernel's choice, so that tests side by side do not meet."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def smtp_sink(**options: Any) -> Iterator[Sink]:
    """A running sink on the loopback; `options` go to aiosmtpd (for example `auth_required=True`)."""
    sink = Sink()
    controller = _Loopback(sink, hostname="127.0.0.1", port=0, **options)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()
