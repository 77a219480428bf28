"""What happened to a ticket, as small lines between its messages: the history's own sentences, with an icon each."""

from __future__ import annotations

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Names, line_of

# Said by the messages themselves, or of no interest between them. The icons are named in thread.jinja for the build.
_ICONS = {
    "tickets.TicketOpened": "ticket-plus",
    "tickets.StatusChanged": "circle-dot",
    "tickets.TicketAssigned": "user-round-check",
    "tickets.TeamChanged": "users-round",
    "tickets.FieldsChanged": "pencil",
    "tickets.TagsChanged": "tag",
    "tickets.CopiesChanged": "at-sign",
    "tickets.TicketLinked": "link",
    "tickets.TicketsMerged": "git-merge",
    "tickets.MergeUndone": "git-branch",
    "tickets.MessagesMoved": "split",
    "tickets.MessagesCopied": "copy",
    "tickets.TicketTrashed": "trash-2",
    "tickets.TicketRestored": "undo-2",
    "tickets.TicketUnlinked": "unlink",
    "tickets.TypeChanged": "shapes",
    "tickets.AttributesChanged": "pencil-line",
    "tickets.ApprovalAsked": "stamp",
    "tickets.ApprovalAnswered": "stamp",
    "tickets.ApprovalWithdrawn": "stamp",
    "tickets.ApprovalDue": "stamp",
    "conversations.MessageWithdrawn": "undo-2",
    "conversations.LinkedStatusChanged": "circle-dot",
    "conversations.SideThreadStarted": "messages-square",
    "conversations.SideMessageReceived": "messages-square",
    "conversations.SideThreadClosed": "messages-square",
    "conversations.MassUpdateStarted": "megaphone",
    "conversations.MassUpdateFinished": "megaphone",
}


def tell(happening: EventRecord, names: Names) -> tuple[str, str] | None:
    """The icon and the sentence of an event; None for what the thread shows otherwise or not at all."""
    icon = _ICONS.get(happening.kind)
    line = line_of(happening, names) if icon else None
    return (icon, line.sentence.rstrip(".")) if icon and line else None


def icon_of(kind: str) -> str:
    """The icon of an event in the feed."""
    return _ICONS.get(kind, "circle-dot")
