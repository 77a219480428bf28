"""What was said: inboxes, threads, messages, the raw bytes they came from, their deliveries and files."""

from __future__ import annotations

from zaguan.conversations.models.arrivals import RawMessage, RawMessageQuerySet
from zaguan.conversations.models.canned import Canned, CannedFile, CannedQuerySet
from zaguan.conversations.models.cross_posting import CrossPosting, CrossPostingQuerySet
from zaguan.conversations.models.deliveries import Delivery, DeliveryQuerySet
from zaguan.conversations.models.files import Attachment, AttachmentQuerySet
from zaguan.conversations.models.inboxes import FolderCursor, Inbox, InboxQuerySet
from zaguan.conversations.models.mass_updates import MassRecipient, MassUpdate, MassUpdateQuerySet
from zaguan.conversations.models.messages import SIDE, KnownId, Message, MessageQuerySet, Thread
from zaguan.conversations.models.prints import PrintBatch, PrintBatchQuerySet, PrintedTicket
from zaguan.conversations.models.shelf import LibraryItem, LibraryQuerySet, TicketItem, TicketItemQuerySet
from zaguan.conversations.models.side_threads import SideThread, SideThreadQuerySet
from zaguan.conversations.models.working import Draft, DraftQuerySet, Mention, MentionQuerySet, Seen

__all__ = [
    "SIDE",
    "Attachment",
    "AttachmentQuerySet",
    "Canned",
    "CannedFile",
    "CannedQuerySet",
    "CrossPosting",
    "CrossPostingQuerySet",
    "Delivery",
    "DeliveryQuerySet",
    "Draft",
    "DraftQuerySet",
    "FolderCursor",
    "Inbox",
    "InboxQuerySet",
    "KnownId",
    "LibraryItem",
    "LibraryQuerySet",
    "MassRecipient",
    "MassUpdate",
    "MassUpdateQuerySet",
    "Mention",
    "MentionQuerySet",
    "Message",
    "MessageQuerySet",
    "PrintBatch",
    "PrintBatchQuerySet",
    "PrintedTicket",
    "RawMessage",
    "RawMessageQuerySet",
    "Seen",
    "SideThread",
    "SideThreadQuerySet",
    "Thread",
    "TicketItem",
    "TicketItemQuerySet",
]
