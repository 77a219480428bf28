"""Parents and children: how far the children are, and what that means for the parent (A4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Agent
from zaguan.tickets.models import DONE_RANK, Link, Phase, Rule, Status, Ticket


@dataclass(frozen=True)
class Progress:
    """How many of the children are done; those that nobody may see any more are not counted."""

    done: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress_of(number: int) -> Progress:
    """Over all children of a ticket, also those that a viewer may not know of."""
    children = Link.objects.filter(source_id=number, kind=Link.Kind.CHILD)
    found = children.aggregate(total=Count("pk"), done=Count("pk", filter=Q(target__rank__gte=DONE_RANK)))
    return Progress(found["done"], found["total"])


def parent_of(number: int) -> int | None:
    """The number of the ticket that this one is a child of."""
    links = Link.objects.filter(target_id=number, kind=Link.Kind.CHILD)
    return links.values_list("source_id", flat=True).first()


_an_open_child = Prepared(
    lambda number: Link.objects.filter(
        source_id=number, kind="child", target__rank__lt=DONE_RANK
    ).values_list("target_id")[:1]
)


def refuse_open_children(ticket: Ticket, status: Status) -> None:
    """A parent waits for its children where the desk wants that; Refused says how many are open."""
    if status.phase not in (Phase.RESOLVED, Phase.CLOSED) or ticket.is_done or not _an_open_child(ticket.pk):
        return
    if Rule.objects.filter(parent_waits=True).exists():
        values = {"count": progress_of(ticket.pk).open}
        raise Refused(_("Children of this ticket are still open (%(count)s). Resolve them first.") % values)


def open_children(parent: Ticket, viewer: Agent) -> list[int]:
    """The numbers of the open children that a viewer may know of."""
    known = Ticket.objects.visible_to(viewer).filter(rank__lt=DONE_RANK)
    below = known.filter(links_in__source=parent, links_in__kind=Link.Kind.CHILD)
    return list(below.order_by("pk").values_list("pk", flat=True)[:1000])
