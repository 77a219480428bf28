"""Who gets an answer: pure rules, so that the composer and the sender always agree (R07)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from zaguan.conversations.models import Message

# An address and a name, as written.
Person = tuple[str, str]

REPLY, REPLY_ALL, FORWARD, NEW = "reply", "reply_all", "forward", "new"
MODES = (REPLY, REPLY_ALL, FORWARD, NEW)
_ADDRESS = re.compile(r"^[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,190}$")
_DOMAIN = re.compile(r"^(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*$")


@dataclass(frozen=True)
class Recipients:
    """Whom a message goes to; `outside` are those addresses that the answered message did not have."""

    to: list[Person] = field(default_factory=list)
    cc: list[Person] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def recipients(
    message: Message | None,
    mode: str,
    own_addresses: Iterable[str],
    *,
    requester: Person | None = None,
    customers: Iterable[str] = (),
    copies: Sequence[Person] = (),
) -> Recipients:
    """Whom a message in answer to `message` goes to by itself; an agent may change it.

    `customers` are all addresses of the requester. `copies` follow the ticket (A2.10): they are added when the customer is answered, never when a third party
    is. Bcc is never inherited, own addresses are left out, and the requester is not added to a conversation
    with somebody else.
    """
    own = Own(own_addresses)
    if mode == FORWARD:
        return Recipients()
    if message is None or mode == NEW:
        to = own.without([requester] if requester else [])
        return _result(to, own.without(copies), message, requester, copies)
    to = _answered(message, own) or own.without([requester] if requester else [])
    cc = _others(message, own) if mode == REPLY_ALL else []
    theirs = [*customers, *(address for address, _name in [*copies, *([requester] if requester else [])])]
    if _is_about_customer(message, theirs):
        cc = [*cc, *own.without(copies)]
    return _result(to, cc, message, requester, copies)


def outside(message: Message | None, people: Iterable[Person], known: Iterable[Person] = ()) -> list[str]:
    """Those addresses that neither stood on the answered message nor are `known` (requester, copies)."""
    inside = {key(address) for address, _name in known}
    if message is not None:
        inside |= {key(address) for address, _name in _on(message)}
    return [address for address, _name in people if key(address) not in inside]


@lru_cache(maxsize=5000)
def key(address: str) -> str:
    """An address for comparing: trimmed, lower case, its domain in one spelling."""
    local, at, domain = address.strip().strip("<>").strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain as it travels (xn--…); as it is when it cannot be written so."""
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain.lower()


def is_address(address: str) -> bool:
    """Whether mail could be sent to it at all."""
    if not _ADDRESS.match(address) or ".." in address:
        return False
    local, _, domain = address.rpartition("@")
    return not local.startswith(".") and not local.endswith(".") and bool(_DOMAIN.match(ascii_domain(domain)))


def unique(people: Iterable[Person], besides: Iterable[Person] = ()) -> list[Person]:
    """Valid addresses once each, in order, without those in `besides`; the first name that is one wins."""
    seen = {key(address) for address, _name in besides}
    kept: dict[str, Person] = {}
    for address, name in people:
        this = key(address)
        if this in seen or not is_address(address.strip()):
            continue
        known = kept.get(this)
        if known is None:
            kept[this] = (address.strip(), " ".join(name.split()))
        elif not known[1] and name:
            kept[this] = (known[0], " ".join(name.split()))
    return list(kept.values())


class Own:
    """Our own addresses; `help+anything@…` is ours when `help@…` is."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._keys = {key(address) for address in addresses if address}

    def __contains__(self, address: str) -> bool:
        this = key(address)
        local, at, domain = this.rpartition("@")
        return this in self._keys or f"{local.partition('+')[0]}{at}{domain}" in self._keys

    def without(self, people: Iterable[Person]) -> list[Person]:
        """Those that are not ours."""
        return [person for person in people if person[0] not in self]


def people_of(pairs: Iterable[Sequence[str]]) -> list[Person]:
    """Stored pairs of address and name."""
    return [(pair[0], pair[1] if len(pair) > 1 else "") for pair in pairs if pair and pair[0]]


def _answered(message: Message, own: Own) -> list[Person]:
    """Where the author wants the answer: Reply-To, else the sender; our own message goes where it went before."""
    to = people_of(message.to)
    if message.direction == Message.Direction.OUT:
        return unique(own.without(to))
    sender = own.without([(message.sender_address, message.sender_name)] if message.sender_address else [])
    asked = own.without(people_of(message.details.get("reply_to") or []))
    if sender and _is_list_redirect(message, asked):
        asked = []
    return unique(asked) or unique(sender) or unique(own.without(to))


def _is_list_redirect(message: Message, asked: list[Person]) -> bool:
    """A mailing list that sets Reply-To to itself: the answer is for who wrote, not for the whole list."""
    listed = {key(address) for address, _name in [*people_of(message.to), *people_of(message.cc)]}
    return bool(message.details.get("bulk")) and bool(asked) and all(key(each[0]) in listed for each in asked)


def _others(message: Message, own: Own) -> list[Person]:
    return own.without([*people_of(message.to), *people_of(message.cc)])


def _on(message: Message) -> list[Person]:
    """Everybody whom the message names."""
    asked = people_of(message.details.get("reply_to") or [])
    sender = [(message.sender_address, "")] if message.sender_address else []
    return [*sender, *asked, *people_of(message.to), *people_of(message.cc)]


def _is_about_customer(message: Message, customers: Iterable[str]) -> bool:
    """Whether the answered message is part of the customer's conversation, not one with a supplier."""
    theirs = {key(address) for address in customers}
    return any(key(address) in theirs for address, _name in _on(message))


def _result(
    to: list[Person],
    cc: list[Person],
    message: Message | None,
    requester: Person | None,
    copies: Sequence[Person],
) -> Recipients:
    to = unique(to)
    cc = unique(cc, besides=to)
    known = [*copies, *([requester] if requester else [])] if message is None else []
    return Recipients(to, cc, outside(message, [*to, *cc], known))
