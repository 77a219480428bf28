"""Ids that prove where a reply belongs: signed reply addresses and signed Message-IDs of this installation (R02)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from zaguan.conversations.models import Inbox, Message, Thread
from zaguan.lib.secrets import sign, signed

_ADDRESS, _MESSAGE, _INSTANCE = "reply address", "message id", "instance"
_TOKEN = r"[2-9a-hjkmnp-tv-z]{16}"  # noqa: S105 (a pattern, not a secret)
_PLUS = re.compile(rf"\+({_TOKEN})\.([a-z2-7]{{26}})$")
_ID = re.compile(rf"^zg\.({_TOKEN})\.([a-z2-7]{{10}})\.([a-z2-7]{{26}})$")
# The part before the @ may have 64 octets (RFC 5321).
_LONGEST_LOCAL = 64


def instance_id() -> str:
    """The name of this installation in the loop mark of automatic mail; it tells nothing about the key."""
    return sign("this installation", purpose=_INSTANCE, length=16)


def message_id_for(message: Message) -> str:
    """The Message-ID of a stored outgoing message, without brackets; the same each time."""
    thread = message.thread
    if thread is None:
        raise ValueError("A message without a thread has no Message-ID.")
    part = sign(str(message.pk), purpose="message number", length=10)
    signature = sign(f"{thread.token}.{part}", purpose=_MESSAGE)
    return f"zg.{thread.token}.{part}.{signature}@{_host(thread.inbox)}"


def token_of_message_id(message_id: str) -> str | None:
    """The thread's token in one of our Message-IDs, if its signature is right; whatever stands behind the @."""
    local = message_id.strip("<> \t").partition("@")[0].lower()
    found = _ID.match(local)
    if found and signed(f"{found[1]}.{found[2]}", found[3], purpose=_MESSAGE):
        return found[1]
    return None


def reply_address(thread: Thread, inbox: Inbox) -> str:
    """Where answers shall go: the inbox's address with the thread's signed token, or plain if it has no plus addresses."""
    local, _, domain = inbox.address.rpartition("@")
    extended = f"{local}+{thread.token}.{sign(thread.token, purpose=_ADDRESS)}"
    if not local or not has_plus_addresses(inbox) or len(extended) > _LONGEST_LOCAL:
        return inbox.address
    return f"{extended}@{domain}"


def token_of_address(address: str) -> str | None:
    """The thread's token in a reply address, if its signature is right; whatever inbox it names."""
    found = _PLUS.search(address.strip("<> \t").rpartition("@")[0].lower())
    if found and signed(found[1], found[2], purpose=_ADDRESS):
        return found[1]
    return None


def has_plus_addresses(inbox: Inbox) -> bool:
    """Whether mail to help+anything@ reaches this inbox: as set, else known of its provider or of our own receiver."""
    chosen = inbox.settings.get("plus_addressing")
    if chosen is not None:
        return bool(chosen)
    imap = inbox.settings.get("imap") or {}
    return not imap.get("host") or imap.get("auth") in ("google", "microsoft")


@lru_cache(maxsize=2000)
def without_plus(address: str) -> str:
    """`help+anything@example.org` as `help@example.org`, lower case."""
    local, at, domain = address.strip("<> \t").lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}" if at else address.strip().lower()


def thread_of_message_id(message_id: str) -> Thread | None:
    """The thread that one of our own Message-IDs belongs to; None for foreign and forged ones."""
    token = token_of_message_id(message_id)
    return Thread.objects.filter(token=token).first() if token else None


def _host(inbox: Inbox | None) -> str:
    domain = inbox.address.rpartition("@")[2] if inbox else ""
    return domain or _own_host(settings.BASE_URL)


@lru_cache(maxsize=4)
def _own_host(url: str) -> str:
    return urlsplit(url).hostname or "localhost"
