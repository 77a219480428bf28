"""What every channel can do: check, read, send; and how the outcome of sending is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from django.http import HttpRequest

from zaguan.channels.hooks import HookRefused
from zaguan.conversations.incoming import Incoming
from zaguan.conversations.models import Delivery, Inbox, Message
from zaguan.conversations.receiving import receive


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What a channel allows, for the composer and for generic code."""

    html: bool = True
    attachments: bool = True
    copies: bool = False
    subject: bool = False
    # Letters of one message; 0 for any number.
    longest: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one address: `state` is sent, failed, unknown, or queued for "try again later"."""

    state: str
    code: str = ""
    answer: str = ""
    provider_id: str = ""

    @classmethod
    def sent(cls, code: str = "", answer: str = "", provider_id: str = "") -> Outcome:
        return cls(state=Delivery.State.SENT, code=code, answer=answer, provider_id=provider_id)


class DeliveryError(Exception):
    """A message, or all of them, could not be sent; nothing of it has left.

    `permanent`: trying again will not help. `broken`: the account or server is at fault, not this message,
    so nothing else is tried in this run.
    """

    def __init__(self, answer: str, *, code: str = "", permanent: bool = False, broken: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.code = code
        self.permanent = permanent
        self.broken = broken


class GivenUp(Exception):  # noqa: N818 (it is an order, not an error)
    """The claim on a message ran out before anything left: somebody else may have it now."""


@dataclass
class Parcel:
    """One message and those of its addresses that wait; `leaving` is called once, right before it may leave.

    Until `leaving` has been called nothing has been sent for sure; afterwards a crash means "unknown".
    It raises GivenUp when the claim is lost.
    """

    message: Message
    addresses: Sequence[str]
    leaving: Callable[[Sequence[str]], None]
    # What is known already, kept here so that an exception loses nothing.
    outcomes: dict[str, Outcome] = field(default_factory=dict)


class Line(Protocol):
    """An open way out; several messages may go through one."""

    def send(self, parcel: Parcel) -> None:
        """Send and write each address's outcome into `parcel.outcomes`; raises DeliveryError when nothing left."""


class Channel:
    """One kind of channel; its folder has a `channel.py` with `CHANNEL`, an instance of a subclass."""

    kind = ""
    label: Any = ""
    abilities = Abilities()

    def verify(self, request: Any, inbox: Inbox) -> bool:
        """Whether a hook's request really comes from the provider; never, unless a channel says how to tell."""
        return False

    def read(self, payload: bytes, inbox: Inbox) -> list[Incoming]:
        """The messages in what the provider handed in."""
        return []

    def take(self, request: HttpRequest, inbox: Inbox) -> int:
        """Take in what a hook hands over; how many things it was. HookRefused when it is not proved to be theirs."""
        if not self.verify(request, inbox):
            raise HookRefused("The signature is missing or wrong.")
        found = self.read(request.body, inbox)
        for incoming in found:
            receive(incoming, inbox)
        return len(found)

    @contextmanager
    def line(self, inbox: Inbox) -> Iterator[Line]:
        """A way out through this inbox; raises DeliveryError when it cannot be opened."""
        raise DeliveryError(f"{self.kind} cannot send", permanent=True)
        yield  # type: ignore[unreachable]

    def form(self) -> type[Any] | None:
        """The form that sets an inbox of this kind up."""
        return None


@lru_cache(maxsize=64)
def channel_for(kind: str) -> Channel:
    """The channel of a kind; DeliveryError for one that there is not."""
    if not kind.isidentifier():
        raise DeliveryError(f"There is no channel {kind!r}", permanent=True)
    try:
        module = import_module(f"zaguan.channels.{kind}.channel")
    except ModuleNotFoundError as problem:
        raise DeliveryError(f"There is no channel {kind!r}", permanent=True) from problem
    found: Channel = module.CHANNEL
    return found
