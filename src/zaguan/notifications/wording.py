"""How a notification reads: one sentence in the reader's language, made of the pieces that were kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.notifications.models import Notification
from zaguan.tickets.because import in_words
from zaguan.tickets.reference import status_labels


def title(row: Notification) -> str:
    """What it is about: the ticket."""
    if row.ticket is not None:
        return f"#{row.ticket_id} {row.ticket.subject}"
    return str(row.pieces.get("subject") or _("Zaguán"))


def sentence(row: Notification) -> str:
    """What happened, without the ticket's name."""
    pieces = row.pieces
    values: dict[str, Any] = {
        "who": pieces.get("who") or _("Somebody"),
        "at": moment(pieces.get("at", "")),
        "address": pieces.get("address", ""),
        "reason": pieces.get("reason", ""),
        "subject": pieces.get("subject", ""),
        "target": _TARGETS.get(str(pieces.get("target")), lambda: _("The target"))(),
        "name": pieces.get("name", ""),
        "count": int(pieces.get("count") or 0),
        "number": int(pieces.get("number") or 0),
        "route": pieces.get("route", ""),
        "reasons": in_words(pieces.get("reasons", ()), to_whom_it_concerns=True),
        "status": status_labels().get(pieces.get("status") or 0, "–"),
    }
    if row.kind == "rule" or "text" in pieces:
        return str(pieces.get("text", ""))
    return _SENTENCES[row.kind](pieces) % values


def said(row: Notification) -> str:
    """The beginning of what was written, if it was kept."""
    return str(row.pieces.get("said", ""))


def moment(text: str) -> str:
    """A moment of an event in the reader's zone and language."""
    if not text:
        return ""
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT")


def address_of(row: Notification) -> str:
    """Where it leads, whole; opening it there counts as reading."""
    return settings.BASE_URL + reverse("desk:open-notification", args=[row.pk])


def place_of(row: Notification) -> str:
    """The page that it is about, within this installation."""
    if row.ticket_id is not None and row.kind.startswith("approval"):
        return reverse("desk:ticket", args=[row.ticket_id]) + "?tab=approvals"
    if row.ticket_id is not None:
        message = row.pieces.get("message")
        return reverse("desk:ticket", args=[row.ticket_id]) + (f"#message-{message}" if message else "")
    if row.kind == "activity":
        return reverse("desk:agenda")
    if row.pieces.get("batch"):
        return reverse("desk:prints", args=[row.pieces["batch"]])
    if row.pieces.get("run"):
        return reverse("desk:run", args=[row.pieces["run"]])
    return reverse("desk:notifications")


def _finished(pieces: dict[str, Any]) -> str:
    made = int(pieces.get("made", 0))
    if pieces.get("what") == "pdf":
        text = ngettext("%(made)d PDF is ready.", "%(made)d PDFs are ready.", made)
    else:
        text = ngettext("%(made)d ticket was changed.", "%(made)d tickets were changed.", made)
    # What is left stands for the other values, of which these sentences have none.
    return (text % {"made": made}).replace("%", "%%")


_TARGETS: dict[str, Callable[[], str]] = {
    "first": lambda: _("The first answer"),
    "next": lambda: _("The next answer"),
    "resolution": lambda: _("The resolution"),
    "update": lambda: _("The next update"),
}
_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "paused": lambda p: (
        _("The rule “%(name)s” was stopped: it acted %(count)d times in a minute on ticket %(number)d.")
        if p.get("number")
        else _("The rule “%(name)s” was stopped: it acted %(count)d times in a minute.")
    ),
    "mention": lambda p: _("%(who)s mentioned you."),
    "assigned": lambda p: _assigned(p),
    "customer_mine": lambda p: _("%(who)s wrote."),
    "customer_followed": lambda p: _("%(who)s wrote."),
    "customer_team": lambda p: _("%(who)s wrote, and nobody has taken it."),
    "note_mine": lambda p: _colleague(p),
    "note_followed": lambda p: _colleague(p),
    "status_mine": lambda p: _status(p),
    "status_followed": lambda p: _status(p),
    "outside": lambda p: _("%(who)s, who was asked, answered."),
    "failed": lambda p: (
        _("The mail to %(address)s was not delivered: %(reason)s")
        if p.get("reason")
        else _("The mail to %(address)s was not delivered.")
    ),
    "sla_near": lambda p: _("%(target)s is due at %(at)s."),
    "sla_missed": lambda p: _("%(target)s was due at %(at)s and is late."),
    "promise_near": lambda p: _("It was promised for %(at)s."),
    "promise_broken": lambda p: _("It was promised for %(at)s and is not done."),
    "activity": lambda p: _("%(at)s: %(subject)s"),
    "approval_asked": lambda p: (
        _("%(who)s asks for your approval.") if p.get("who") else _("Your approval is asked for.")
    ),
    "approval_decided": lambda p: (
        _("%(who)s rejected what was asked.")
        if p.get("decision") == "rejected"
        else _("%(who)s approved what was asked.")
    ),
    "approval_due": lambda p: _("The approval was due at %(at)s and still waits."),
    "finished": _finished,
}


def _assigned(pieces: dict[str, Any]) -> str:
    if pieces.get("route"):
        return _("“%(route)s” gave you this: %(reasons)s.")
    return _("%(who)s assigned this to you.") if pieces.get("who") else _("This was assigned to you.")


def _colleague(pieces: dict[str, Any]) -> str:
    return _("%(who)s answered.") if pieces.get("what") == "answer" else _("%(who)s wrote an internal note.")


def _status(pieces: dict[str, Any]) -> str:
    if pieces.get("who"):
        return _("%(who)s set the status to %(status)s.")
    return _("The status is now %(status)s.")
