"""What tickets bring with them when they become one, and where a merged number leads (A3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.tickets.models import CarbonCopy, Link, Merge, Ticket
from zaguan.tickets.statuses import rules

MOST = 50
_LONGEST_CHAIN = 20
# Of these a ticket has one at most that points at it.
_ONE_ABOVE = (Link.Kind.CHILD, Link.Kind.BACK_OFFICE)
_FOR_CUSTOMERS = {"conversation", "customer"}
Mover = Callable[[Ticket, Ticket], Any]
Back = Callable[[Any, Ticket, Ticket], None]


@dataclass(frozen=True)
class Belonging:
    """What goes along: `move` says what it moved, as plain values, and `back` undoes that."""

    key: str
    move: Mover
    back: Back


_belongings: dict[str, Belonging] = {}


def along(key: str, move: Mover, back: Back) -> None:
    """Let what an app keeps about tickets join in merging and in taking that back."""
    _belongings[key] = Belonging(key, move, back)


def rows_along(model: type[Model], *, once: tuple[str, ...] = (), field: str = "ticket") -> None:
    """The usual case: rows that point at the ticket follow it. Where the survivor has one with the same `once`, they stay."""

    def move(source: Ticket, target: Ticket) -> list[int]:
        rows = model._default_manager.filter(**{field: source})
        if once:
            taken = set(model._default_manager.filter(**{field: target}).values_list(*once))
            numbers = [pk for pk, *key in rows.values_list("pk", *once) if tuple(key) not in taken]
        else:
            numbers = list(rows.values_list("pk", flat=True))
        model._default_manager.filter(pk__in=numbers).update(**{field: target})
        return numbers

    def back(moved: Any, source: Ticket, target: Ticket) -> None:
        model._default_manager.filter(pk__in=moved, **{field: target}).update(**{field: source})

    along(model._meta.label_lower, move, back)


def join(source: Ticket, target: Ticket) -> dict[str, Any]:
    """Let everything of `source` become `target`'s; returns what happened, for `part`."""
    return {key: belonging.move(source, target) for key, belonging in _belongings.items()}


def part(moved: dict[str, Any], source: Ticket, target: Ticket) -> None:
    """Give back what `join` took."""
    for key, what in moved.items():
        if key in _belongings:
            _belongings[key].back(what, source, target)


def survivor_number(number: int) -> int | None:
    """Where the number of a merged ticket leads; None for one that was never merged."""
    found: int | None = None
    for _step in range(_LONGEST_CHAIN):
        above = Ticket.objects.filter(pk=found or number).values_list("merged_into", flat=True).first()
        if above is None:
            break
        found = above
    return found


def check_mergeable(survivor: Ticket, others: Iterable[Ticket]) -> None:
    """Raises Refused for tickets that cannot become one."""
    for other in others:
        if other.pk == survivor.pk:
            raise Refused(_("A ticket cannot be merged with itself."), field="tickets")
        if other.is_hidden or survivor.is_hidden:
            raise Refused(
                _("Ticket %(number)s is no longer there.")
                % {"number": other.pk if other.is_hidden else survivor.pk},
                field="tickets",
            )
        if survivor.kind != other.kind and not {survivor.kind, other.kind} <= _FOR_CUSTOMERS:
            raise Refused(
                _(
                    "Ticket %(number)s is of another kind: trackers go with trackers, and back-office tickets with their like."
                )
                % {"number": other.pk},
                field="tickets",
            )
        if survivor.is_internal and not other.is_internal:
            raise Refused(
                _("Ticket %(number)s is a customer's: let it stay, and merge the internal one into it.")
                % {"number": other.pk},
                field="survivor",
            )


def may_be_undone(merge: Merge) -> bool:
    """Whether a merge can still be taken back."""
    return merge.undone_at is None and timezone.now() - merge.at <= timedelta(days=rules().undo_merge_days)


def merges_of(ticket: Ticket) -> list[Merge]:
    """What was merged into this ticket and can be taken back, newest first."""
    rows = ticket.merges.filter(undone_at=None).select_related("merged", "agent").order_by("-id")
    return [merge for merge in rows if may_be_undone(merge)]


def merge_of(ticket: Ticket, number: int) -> Merge:
    """One of them; Refused when it is not there, or no longer to be taken back."""
    found = next((merge for merge in merges_of(ticket) if merge.pk == number), None)
    if found is None:
        raise Refused(_("This merge can no longer be taken back."))
    return found


def _join_tags(source: Ticket, target: Ticket) -> list[int]:
    present = set(target.tags.values_list("pk", flat=True))
    added = [pk for pk in source.tags.values_list("pk", flat=True) if pk not in present]
    target.tags.add(*added)
    return added


def _join_copies(source: Ticket, target: Ticket) -> list[str]:
    present = {email.lower() for email in target.copies.values_list("email", flat=True)}
    added = [copy for copy in source.copies.all() if copy.email.lower() not in present]
    CarbonCopy.objects.bulk_create(
        [CarbonCopy(ticket=target, email=copy.email, name=copy.name) for copy in added]
    )
    return [copy.email for copy in added]


def _part_copies(added: Any, source: Ticket, target: Ticket) -> None:
    target.copies.filter(email__in=added).delete()


def _join_links(source: Ticket, target: Ticket) -> list[list[Any]]:
    """Links point at the survivor, but for those that it has already; a ticket has one parent at most."""
    moved: list[list[Any]] = []
    for link in source.links_out.exclude(target=target):
        if not Link.objects.filter(kind=link.kind, source=target, target=link.target_id).exists():
            Link.objects.filter(pk=link.pk).update(source=target)
            moved.append([link.pk, "source"])
    for link in source.links_in.exclude(source=target):
        same = Link.objects.filter(kind=link.kind, target=target)
        if not (same if link.kind in _ONE_ABOVE else same.filter(source=link.source_id)).exists():
            Link.objects.filter(pk=link.pk).update(target=target)
            moved.append([link.pk, "target"])
    return moved


def _part_links(moved: Any, source: Ticket, target: Ticket) -> None:
    for pk, end in moved:
        Link.objects.filter(pk=pk, **{end: target}).update(**{end: source})


along("tags", _join_tags, lambda added, source, target: target.tags.remove(*added))
along("copies", _join_copies, _part_copies)
along("links", _join_links, _part_links)
