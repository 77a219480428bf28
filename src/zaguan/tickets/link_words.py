"""How links read: what the other ticket is to this one, and the sentences of the history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.tickets.models import Link

Kind = Link.Kind


def role_of_other(kind: str, outwards: bool) -> str:
    """What the ticket at the other end is, seen from here: its child, its parent and so on."""
    words = {
        Kind.FOLLOW_UP: (_("Follow-up"), _("Preceding ticket")),
        Kind.CHILD: (_("Child"), _("Parent")),
        Kind.DUPLICATE: (_("Duplicate"), _("Original")),
        Kind.CLONE: (_("Copy"), _("Copied from")),
        Kind.SPLIT: (_("Split off"), _("Split off from")),
        Kind.TRACKED: (_("Affected conversation"), _("Tracker")),
        Kind.BACK_OFFICE: (_("Back-office ticket"), _("Conversation")),
        Kind.SUGGESTED: (_("Possibly related"), _("Possibly related")),
    }
    out, back = words.get(Kind(kind), (_("Related"), _("Related")))
    return out if outwards else back


def linked_sentence(kind: str, outwards: bool) -> str:
    """The sentence of a new link, with %(who)s and %(other)s to fill in."""
    words = {
        Kind.FOLLOW_UP: (_("%(other)s follows up this ticket."), _("This ticket follows up %(other)s.")),
        Kind.CHILD: (
            _("%(who)s made %(other)s a child of this ticket."),
            _("%(who)s made %(other)s the parent of this ticket."),
        ),
        Kind.DUPLICATE: (
            _("%(who)s marked %(other)s as a duplicate of this ticket."),
            _("%(who)s marked this ticket as a duplicate of %(other)s."),
        ),
        Kind.CLONE: (_("%(who)s copied this ticket to %(other)s."), _("This ticket is a copy of %(other)s.")),
        Kind.SPLIT: (_("%(who)s split %(other)s off."), _("This ticket was split off %(other)s.")),
        Kind.TRACKED: (
            _("%(who)s added %(other)s to the affected conversations."),
            _("%(who)s linked this ticket to the tracker %(other)s."),
        ),
        Kind.BACK_OFFICE: (
            _("%(who)s asked the back office in %(other)s."),
            _("This back-office ticket belongs to %(other)s."),
        ),
        Kind.SUGGESTED: (
            _("This ticket may belong to %(other)s."),
            _("This ticket may belong to %(other)s."),
        ),
    }
    related = _("%(who)s linked the ticket with %(other)s.")
    return _side(words.get(Kind(kind), (related, related)), outwards)


def unlinked_sentence(kind: str, outwards: bool) -> str:
    """The sentence of a link that was taken away."""
    unlike = _("%(who)s said that this ticket has nothing to do with %(other)s.")
    words = {
        Kind.CHILD: (
            _("%(who)s took the child %(other)s away."),
            _("%(who)s took this ticket out of its parent %(other)s."),
        ),
        Kind.DUPLICATE: (
            _("%(who)s said that %(other)s is no duplicate of this ticket."),
            _("%(who)s said that this ticket is no duplicate of %(other)s."),
        ),
        Kind.TRACKED: (
            _("%(who)s took %(other)s out of the affected conversations."),
            _("%(who)s took this ticket off the tracker %(other)s."),
        ),
        Kind.SUGGESTED: (unlike, unlike),
    }
    other = _("%(who)s took the link with %(other)s away.")
    return _side(words.get(Kind(kind), (other, other)), outwards)


def _side(pair: tuple[str, str], outwards: bool) -> str:
    return pair[0] if outwards else pair[1]
