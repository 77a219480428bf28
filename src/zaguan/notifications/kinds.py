"""What an agent can be told of: each kind with its words and the media it uses unless somebody chose otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

BELL, MAIL, PUSH = MEDIA = ("bell", "mail", "push")


@dataclass(frozen=True, slots=True)
class Kind:
    """`usual` are the media of who has not chosen; `always` ones cannot be switched off."""

    key: str
    label: Any
    icon: str
    group: str
    usual: frozenset[str]
    always: frozenset[str] = frozenset()


def _kind(key: str, label: Any, icon: str, group: str, usual: str, always: str = "") -> Kind:
    return Kind(key, label, icon, group, frozenset(usual.split()), frozenset(always.split()))


GROUPS: dict[str, Any] = {
    "me": _("About you"),
    "mine": _("Tickets assigned to you"),
    "followed": _("Tickets you follow"),
    "team": _("Your teams"),
    "time": _("Times and promises"),
    "house": _("Everything else"),
}

_ALL = [
    _kind("mention", _("Somebody mentions you"), icon="at-sign", group="me", usual="bell mail push", always="bell"),
    _kind("assigned", _("A ticket is assigned to you"), icon="user-round-check", group="me", usual="bell push"),
    _kind("approval_asked", _("Somebody asks for your approval"), icon="stamp", group="me", usual="bell mail push", always="bell"),
    _kind("approval_decided", _("What you asked approval for is decided"), icon="stamp", group="me", usual="bell push"),
    _kind("customer_mine", _("The customer writes"), icon="mail", group="mine", usual="bell push"),
    _kind("note_mine", _("A colleague answers or writes a note"), icon="sticky-note", group="mine", usual="bell"),
    _kind("status_mine", _("Somebody changes the status"), icon="circle-dot", group="mine", usual="bell"),
    _kind("outside", _("Somebody outside who was asked answers"), icon="handshake", group="mine", usual="bell push"),
    _kind("failed", _("A message could not be delivered"), icon="mail-warning", group="mine", usual="bell mail push"),
    _kind("customer_followed", _("The customer writes"), icon="mail", group="followed", usual="bell"),
    _kind("note_followed", _("A colleague answers or writes a note"), icon="sticky-note", group="followed", usual="bell"),
    _kind("status_followed", _("Somebody changes the status"), icon="circle-dot", group="followed", usual=""),
    _kind("customer_team", _("The customer writes in a ticket that nobody has taken"), icon="inbox", group="team", usual=""),
    _kind("sla_near", _("A target is about to be missed"), icon="timer", group="time", usual="bell push"),
    _kind("sla_missed", _("A target was missed"), icon="timer-off", group="time", usual="bell mail push"),
    _kind("promise_near", _("A promised time comes close"), icon="calendar-clock", group="time", usual="bell push"),
    _kind("promise_broken", _("A promised time has passed"), icon="calendar-x", group="time", usual="bell mail push"),
    _kind("activity", _("An activity is due"), icon="calendar-check", group="time", usual="bell push"),
    _kind("approval_due", _("An approval is due and still waits"), icon="stamp", group="time", usual="bell push"),
    _kind("rule", _("A rule tells you something"), icon="workflow", group="house", usual="bell push"),
    _kind("paused", _("A rule was stopped because it ran too often"), icon="octagon-pause", group="house", usual="bell mail"),
    _kind("finished", _("Work that you started has ended (PDFs, bulk changes)"), icon="circle-check", group="house", usual="bell"),
]  # fmt: skip
KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}


def grouped() -> list[tuple[Any, list[Kind]]]:
    """All kinds under the titles of their groups."""
    return [(title, [kind for kind in _ALL if kind.group == key]) for key, title in GROUPS.items()]
