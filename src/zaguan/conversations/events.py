"""What is said, and how it travels."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    message_id: int
    channel: str
    # True for out-of-office, lists, spam …: nothing automatic answers it (R04).
    machine: bool = False
    opened: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """An agent or rule answered; deliveries are queued, not yet out."""

    message_id: int
    channel: str
    automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageWithdrawn(Event):
    """Taken back before it left; `beside` when it was for somebody outside."""

    message_id: int
    beside: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    message_id: int
    mentioned: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CallLogged(Event):
    message_id: int


@dataclass(frozen=True, kw_only=True)
class DeliveryChanged(Event):
    """sent, failed, unknown, delivered … for one address."""

    message_id: int
    delivery_id: int
    address: str
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MailFailed(Event):
    """Raw mail that could not become a message; it waits in "Failed mail"."""

    raw_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class InboxTroubled(Event):
    """An inbox cannot be reached, or works again (`reason` empty)."""

    inbox_id: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemHung(Event):
    """A file, a link or an item of the library hangs on the ticket, for agents only."""

    item_id: int
    name: str
    # "file", "link" or "library"
    what: str


@dataclass(frozen=True, kw_only=True)
class ItemTakenDown(Event):
    item_id: int
    name: str
    what: str


@dataclass(frozen=True, kw_only=True)
class NotePublished(Event):
    """A note goes into the linked conversations as well; `conversations` are how many."""

    message_id: int
    conversations: int


@dataclass(frozen=True, kw_only=True)
class LinkedStatusChanged(Event):
    """A tracker or back-office ticket that this conversation is linked to went on; `statuses` are [old, new]."""

    other_id: int
    statuses: list[int]
    category: str


@dataclass(frozen=True, kw_only=True)
class MassUpdateStarted(Event):
    """One message to all affected customers begins to go out."""

    update_id: int
    recipients: int


@dataclass(frozen=True, kw_only=True)
class MassUpdateStopped(Event):
    """Nobody else gets it; `sent` have it already."""

    update_id: int
    sent: int


@dataclass(frozen=True, kw_only=True)
class MassUpdateFinished(Event):
    update_id: int
    sent: int
    failed: int
    skipped: int


@dataclass(frozen=True, kw_only=True)
class TicketPrinted(Event):
    """A PDF was made; `copy` is "customer" or "full"."""

    copy: str


@dataclass(frozen=True, kw_only=True)
class PrintingStarted(Event):
    """PDFs of many tickets are asked for in one file; each ticket's own event names this one as its cause."""

    batch_id: int
    copy: str
    total: int


@dataclass(frozen=True, kw_only=True)
class PrintingEnded(Event):
    """The file is there, or it was stopped: `state` says which."""

    batch_id: int
    state: str
    made: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class NoteUnpublished(Event):
    """What was published of a note is taken back out of the linked conversations."""

    message_id: int
    conversations: int


@dataclass(frozen=True, kw_only=True)
class SideThreadStarted(Event):
    """People outside were asked for help by mail; the customer knows nothing of it. `shared` is what went along."""

    side_id: int
    to: list[str]
    subject: str
    shared: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class SideMessageSent(Event):
    """An agent wrote to the people who were asked."""

    side_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class SideMessageReceived(Event):
    """Somebody outside answered; `sender_kind` is "asked", "unknown", "customer" or "agent"."""

    side_id: int
    message_id: int
    sender: str
    sender_kind: str
    machine: bool = False
    mentioned: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SideThreadClosed(Event):
    side_id: int
    subject: str


@dataclass(frozen=True, kw_only=True)
class SideThreadReopened(Event):
    """By an agent, or by an answer that came after all."""

    side_id: int
    subject: str
