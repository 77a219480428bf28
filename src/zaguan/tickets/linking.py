"""Tickets that belong together; each end's history says so (A4)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.tickets.categories import refuse_link, refuse_unlink
from zaguan.tickets.events import TicketLinked, TicketUnlinked
from zaguan.tickets.models import Link, Rule, Ticket

# Generations above a ticket; nobody finds their way through more.
MOST_GENERATIONS = 20
# Kinds that read the same from both ends.
MUTUAL = (Link.Kind.RELATED, Link.Kind.SUGGESTED)


@transaction.atomic
def link(source: Ticket, target: Ticket, kind: str, *, by: Any) -> Link:
    """Link two tickets: `target` is the follow-up, child, duplicate … of `source`. Linking again changes nothing.

    Raises Refused for a ticket and itself, for a second parent, for a parent that hangs below its child, and
    for what the categories of the two do not allow.
    """
    if source.pk == target.pk:
        raise Refused(_("A ticket cannot be linked to itself."), field="number")
    known = _known(source, target, kind)
    if known is not None:
        return known
    refuse_link(source, target, kind)
    if kind == Link.Kind.CHILD:
        _refuse_second_parent(target)
        _refuse_circle(source, target)
    found, made = Link.objects.get_or_create(kind=kind, source=source, target=target)
    if made:
        if kind != Link.Kind.SUGGESTED:
            _drop_suggestions(source, target)
        _tell(TicketLinked, found, by=by)
    return found


@transaction.atomic
def unlink(source: Ticket, target: Ticket, kind: str, *, by: Any) -> bool:
    """Take a link away; says whether there was one. A suggestion taken away was a wrong one.

    Raises Refused for the conversation of a back-office ticket.
    """
    found = _known(source, target, kind)
    if found is None:
        return False
    refuse_unlink(found)
    found.delete()
    _tell(TicketUnlinked, found, by=by)
    return True


def _known(source: Ticket, target: Ticket, kind: str) -> Link | None:
    """The link that stands; of a kind that reads the same from both ends, in either direction."""
    same = Link.objects.filter(kind=kind)
    found = same.filter(source=source, target=target).first()
    if found is None and kind in MUTUAL:
        found = same.filter(source=target, target=source).first()
    return found


def _refuse_second_parent(child: Ticket) -> None:
    if Link.objects.filter(target=child, kind=Link.Kind.CHILD).exists():
        raise has_parent(child.pk)


def has_parent(child: int) -> Refused:
    """The refusal of a second parent."""
    sentence = _("Ticket %(child)s already has a parent. Take it out of there first.")
    return Refused(sentence % {"child": child}, field="number")


def _refuse_circle(parent: Ticket, child: Ticket) -> None:
    """Nobody is their own grandparent. Parents are chosen one at a time, or two could close a circle at once."""
    if child.pk in line_above(parent):
        sentence = _("Ticket %(child)s stands above ticket %(parent)s already, so it cannot be its child.")
        raise Refused(sentence % {"child": child.pk, "parent": parent.pk}, field="number")


def line_above(parent: Ticket) -> list[int]:
    """A ticket, its parent, and theirs; held until the transaction ends. Raises Refused for too many generations."""
    Rule.objects.select_for_update().first()
    line: list[int] = []
    above: int | None = parent.pk
    for _step in range(MOST_GENERATIONS):
        if above is None or above in line:
            return line
        line.append(above)
        upwards = Link.objects.filter(target=above, kind=Link.Kind.CHILD)
        above = upwards.values_list("source_id", flat=True).first()
    if above is None:
        return line
    sentence = _("A ticket has at most %(most)s generations above it.")
    raise Refused(sentence % {"most": MOST_GENERATIONS}, field="number")


def _drop_suggestions(source: Ticket, target: Ticket) -> None:
    """Somebody has said how the two belong together: the guess has done its work."""
    ends = [source.pk, target.pk]
    Link.objects.filter(kind=Link.Kind.SUGGESTED, source__in=ends, target__in=ends).delete()


def _tell(event: type[TicketLinked | TicketUnlinked], made: Link, *, by: Any) -> None:
    for told in both_ends(event, made):
        record(told, by=by)


def both_ends(event: type[TicketLinked | TicketUnlinked], made: Link) -> list[TicketLinked | TicketUnlinked]:
    """What each end's history says."""
    ends = ((made.source_id, made.target_id, True), (made.target_id, made.source_id, False))
    return [event(ticket_id=n, kind_of_link=made.kind, other_id=o, outwards=out) for n, o, out in ends]
