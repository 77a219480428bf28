"""A mailbox over IMAP: what is in a folder, and the bytes of a mail. Nothing is changed in it, no flag is read."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterable, Sequence
from imaplib import IMAP4
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from zaguan.channels.email.accounts import Server

# What a server or the line to it may do to us.
TROUBLE = (IMAP4.error, ImapToolsError, OSError, EOFError)
_CONNECT_SECONDS = 30.0
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Mailbox:
    """An open connection to one account."""

    def __init__(self, server: Server, secret: str, *, seconds: float = _CONNECT_SECONDS) -> None:
        self.server = server
        # The one mail asked for right now: when the line breaks, it may be to blame.
        self.asking: int | None = None
        self._box = dial(server, seconds)
        try:
            sign_in(self._box, server, secret)
        except BaseException:
            hang_up(self._box)
            raise

    def select(self, folder: str) -> tuple[int, int]:
        """Look into a folder, read-only; answers with UIDVALIDITY and the next UID."""
        state = self._box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        self._box.folder.set(folder, readonly=True)
        return int(state["UIDVALIDITY"]), int(state["UIDNEXT"])

    def uids_after(self, last: int) -> list[int]:
        """The UIDs above `last`, ascending."""
        # A range that ends in * always names the last mail, also when its UID is lower.
        found = self._box.uids(f"UID {last + 1}:*", charset=None)
        return sorted(uid for uid in map(int, found) if uid > last)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size of each mail, as far as the server tells."""
        return {
            int(uid[1]): int(size[1])
            for item in self._fetch(uids, "(UID RFC822.SIZE)")
            if (uid := _UID.search(_head(item))) and (size := _SIZE.search(_head(item)))
        }

    def contents(self, uids: Sequence[int], *, header_only: bool = False) -> dict[int, bytes]:
        """The bytes of mails; those that were deleted meanwhile are missing."""
        part = "BODY.PEEK[HEADER]" if header_only else "BODY.PEEK[]"
        self.asking = uids[0] if len(uids) == 1 else None
        answer = list(self._fetch(uids, f"(UID {part})"))
        self.asking = None
        found: dict[int, bytes] = {}
        for place, item in enumerate(answer):
            if not isinstance(item, tuple):
                continue
            # Some servers name the UID behind the literal.
            behind = answer[place + 1] if place + 1 < len(answer) else b""
            uid = _UID.search(item[0]) or _UID.search(behind if isinstance(behind, bytes) else b"")
            if uid:
                found[int(uid[1])] = bytes(item[1])
        return found

    def _fetch(self, uids: Sequence[int], parts: str) -> Iterable[Any]:
        if not uids:
            return []
        state, answer = self._box.client.uid("FETCH", ",".join(map(str, uids)), parts)
        if state != "OK":
            raise IMAP4.error(
                b" ".join(each for each in answer if isinstance(each, bytes)).decode(errors="replace")
            )
        return [item for item in answer if item is not None]

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self._box.client.capabilities

    def wait(self, seconds: float) -> bool:
        """Wait for news in the selected folder; True when there are some."""
        return bool(self._box.idle.wait(timeout=max(1, int(seconds))))

    def close(self) -> None:
        """Hang up, whatever state the line is in."""
        try:
            self._box.logout()
        except TROUBLE:
            hang_up(self._box)


def hang_up(box: BaseMailBox) -> None:
    """Close a line that may be broken already."""
    with contextlib.suppress(*TROUBLE):
        box.client.shutdown()


def _head(item: Any) -> bytes:
    return bytes(item[0] if isinstance(item, tuple) else item)


def dial(server: Server, seconds: float) -> BaseMailBox:
    """A connection, not yet signed in."""
    context = ssl.create_default_context()
    if server.security == "tls":
        return MailBox(server.host, server.port, timeout=seconds, ssl_context=context)
    if server.security == "starttls":
        return MailBoxStartTls(server.host, server.port, timeout=seconds, ssl_context=context)
    return MailBoxUnencrypted(server.host, server.port, timeout=seconds)


def sign_in(box: BaseMailBox, server: Server, secret: str) -> None:
    """With a token where the account uses OAuth2, else with the password."""
    # Capabilities may change with the sign-in; those before it lack IDLE on some servers.
    if server.uses_oauth:
        box.xoauth2(server.user, secret, initial_folder=None)
    elif secret.isascii() and server.user.isascii():
        box.login(server.user, secret, initial_folder=None)
    else:
        box.login_utf8(server.user, secret, initial_folder=None)
    answer = box.client.capability()[1]
    if answer and answer[0]:
        box.client.capabilities = tuple(bytes(answer[0]).decode("ascii", "replace").upper().split())
