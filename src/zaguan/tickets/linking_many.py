"""One ticket linked with many at once: all of them or none, in a few statements however many they are (A4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zaguan.events.recording import record_all
from zaguan.lib.errors import Refused
from zaguan.tickets.categories import refuse_link, refuse_unlink
from zaguan.tickets.events import TicketLinked, TicketUnlinked
from zaguan.tickets.linking import MUTUAL, both_ends, has_parent, line_above, link
from zaguan.tickets.models import Link, Ticket

# In one step; a longer list is linked in several.
MOST = 1000
_BATCH = 500


@transaction.atomic
def link_many(
    ticket: Ticket, others: Sequence[Ticket], kind: str, *, outwards: bool = True, by: Any
) -> list[Link]:
    """Link each of `others` with `ticket` as `link` does; the links in their order, those that stood already too.

    `outwards`: the others are the follow-ups, children … of `ticket`; else it is theirs. Raises Refused, with
    nothing written, when one of them cannot be linked.
    """
    others = _each_once(others)
    if kind == Link.Kind.CHILD and not outwards:
        # A ticket has one parent: there is nothing to do in one step.
        return [link(other, ticket, kind, by=by) for other in others]
    known = {_other(each, ticket): each for each in _standing(ticket, others, kind, outwards)}
    new = [other for other in others if other.pk not in known]
    _refuse(ticket, new, kind, outwards)
    for made in _write(ticket, new, kind, outwards, by=by):
        known[_other(made, ticket)] = made
    return [known[other.pk] for other in others]


@transaction.atomic
def unlink_many(
    ticket: Ticket, others: Sequence[Ticket], kind: str, *, outwards: bool = True, by: Any
) -> int:
    """Take the links away again; returns how many there were. Raises Refused as `unlink` does."""
    found = list(_standing(ticket, _each_once(others), kind, outwards))
    for each in found:
        refuse_unlink(each)
    for some in _batches([each.pk for each in found]):
        Link.objects.filter(pk__in=some).delete()
    record_all([told for each in found for told in both_ends(TicketUnlinked, each)], by=by)
    return len(found)


def _each_once(others: Sequence[Ticket]) -> list[Ticket]:
    kept = list({other.pk: other for other in others}.values())
    if len(kept) > MOST:
        raise Refused(_("Link at most %(count)d tickets at once.") % {"count": MOST}, field="number")
    return kept


def _other(each: Link, ticket: Ticket) -> int:
    return each.target_id if each.source_id == ticket.pk else each.source_id


def _standing(ticket: Ticket, others: Sequence[Ticket], kind: str, outwards: bool) -> Iterator[Link]:
    """The links that there are; of a kind that reads the same from both ends, in either direction."""
    for some in _batches([other.pk for other in others]):
        there = Q(source=ticket, target__in=some)
        back = Q(source__in=some, target=ticket)
        which = there | back if kind in MUTUAL else there if outwards else back
        yield from Link.objects.filter(which, kind=kind).select_related("target__type").order_by("-pk")


def _refuse(ticket: Ticket, new: list[Ticket], kind: str, outwards: bool) -> None:
    for other in new:
        if other.pk == ticket.pk:
            raise Refused(_("A ticket cannot be linked to itself."), field="number")
        refuse_link(*((ticket, other) if outwards else (other, ticket)), kind)
    if kind != Link.Kind.CHILD or not new:
        return
    above = line_above(ticket)
    for other in new:
        if other.pk in above:
            sentence = _(
                "Ticket %(child)s stands above ticket %(parent)s already, so it cannot be its child."
            )
            raise Refused(sentence % {"child": other.pk, "parent": ticket.pk}, field="number")
    for some in _batches([other.pk for other in new]):
        taken = Link.objects.filter(target__in=some, kind=kind).values_list("target_id", flat=True).first()
        if taken is not None:
            raise has_parent(taken)


def _write(ticket: Ticket, new: list[Ticket], kind: str, outwards: bool, *, by: Any) -> list[Link]:
    ends = [(ticket, other) if outwards else (other, ticket) for other in new]
    try:
        with transaction.atomic():
            rows = [Link(kind=kind, source=source, target=target) for source, target in ends]
            made = Link.objects.bulk_create(rows, batch_size=_BATCH)
    except IntegrityError:
        # Somebody links some of them at this moment: one by one, as it comes.
        return [link(source, target, kind, by=by) for source, target in ends]
    if kind != Link.Kind.SUGGESTED:
        _drop_suggestions(ticket, new)
    record_all([told for each in made for told in both_ends(TicketLinked, each)], by=by)
    return made


def _drop_suggestions(ticket: Ticket, others: list[Ticket]) -> None:
    """Somebody has said how they belong together: the guesses have done their work."""
    for some in _batches([other.pk for other in others]):
        ends = Q(source=ticket, target__in=some) | Q(source__in=some, target=ticket)
        Link.objects.filter(ends, kind=Link.Kind.SUGGESTED).delete()


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _BATCH):
        yield numbers[start : start + _BATCH]
