"""What a channel hands to the one door: a message that came in, already read but not yet placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address as written; `email` is lower case without surrounding blanks, "" if there is none."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that came with a message.

    `name` is safe to show and to save under (no path, no control or format characters, never empty).
    `content_id` is without angle brackets; `inline` says that the cleaned HTML shows it through `cid:`.
    """

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery notice says about one recipient (RFC 3464).

    `status` is the enhanced code ("5.1.1") or "" when the notice has none; `kind` is "failed" (5.x.x),
    "delayed" (4.x.x), "delivered" (2.x.x) or "complaint" (ARF); `about` is the Message-ID of the mail
    it speaks of, without angle brackets, or "".
    """

    recipient: str
    kind: str
    status: str = ""
    reason: str = ""
    diagnostic: str = ""
    about: str = ""
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """Why a mail was written by a machine; all empty means that a person wrote it.

    `auto_reply`: out of office and the like; `bulk`: lists and mass mail; `notice`: delivery or read
    notices; `loop`: carries our own loop mark; `spam`: the configured filter says so; `marks` names the
    headers that decided, for the agent to read.
    """

    auto_reply: bool = False
    bulk: bool = False
    notice: bool = False
    loop: bool = False
    spam: bool = False
    marks: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """True when nothing automatic may be sent in answer (R04)."""
        return self.auto_reply or self.bulk or self.notice or self.loop or self.spam


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from outside, read from its channel's format."""

    sender: Address
    subject: str = ""
    # Whole text (never cut), what the person wrote, and what was folded away.
    text: str = ""
    reply_text: str = ""
    # Cleaned HTML with quotes and signatures in <details>; "" when the message had no HTML.
    html: str = ""
    has_remote_content: bool = False
    external_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    # Addresses under which it reached us: envelope, Delivered-To, X-Original-To …
    delivered_to: tuple[str, ...] = ()
    sent_at: datetime | None = None
    files: tuple[IncomingFile, ...] = ()
    machine: Machine = field(default_factory=Machine)
    bounces: tuple[Bounce, ...] = ()
    # Sentences for the agent: "The character set was not what it said", "3 attachments were too many" …
    warnings: tuple[str, ...] = ()
    # Original sender of a mail that an agent or customer forwarded, when it can be read from the text.
    forwarded_from: Address | None = None
    language: str = ""
