"""The tickets around one: by what they are to it, a page at a time, as far as the viewer may know of them (A4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from zaguan.people.models import Agent
from zaguan.tickets.link_words import role_of_other
from zaguan.tickets.models import Link, Ticket, known_where
from zaguan.tickets.rows import Row, rows_by_number

Kind = Link.Kind
SIZE = 25
# In the order in which a reader asks for them; True is the far end of the arrow.
ORDER: tuple[tuple[str, bool], ...] = (
    *((Kind.SUGGESTED, True), (Kind.SUGGESTED, False), (Kind.BACK_OFFICE, False), (Kind.BACK_OFFICE, True)),
    *((Kind.TRACKED, False), (Kind.TRACKED, True), (Kind.CHILD, False), (Kind.CHILD, True)),
    *((Kind.FOLLOW_UP, False), (Kind.FOLLOW_UP, True), (Kind.DUPLICATE, False), (Kind.DUPLICATE, True)),
    *((Kind.CLONE, False), (Kind.CLONE, True), (Kind.SPLIT, False), (Kind.SPLIT, True)),
    *((Kind.RELATED, True), (Kind.RELATED, False)),
)


@dataclass
class Group:
    """Tickets that are the same to this one. `hidden` are those that the viewer may not know of: a number, no more."""

    kind: str
    outwards: bool
    total: int = 0
    hidden: int = 0
    rows: list[Row] = field(default_factory=list)
    # The link after which the next page begins; 0 at the end.
    more: int = 0

    @property
    def label(self) -> str:
        return role_of_other(self.kind, self.outwards)

    @property
    def key(self) -> str:
        """For addresses: the kind, and an arrow's direction."""
        return f"{self.kind}-{'out' if self.outwards else 'in'}"


def count_of(number: int) -> int:
    """How many links a ticket has."""
    return Link.objects.filter(source_id=number).count() + Link.objects.filter(target_id=number).count()


def groups_of(ticket: Ticket, viewer: Agent, *, size: int = SIZE) -> list[Group]:
    """Everything around a ticket, each group with its first page."""
    counted = _counts(ticket, viewer, outwards=True) | _counts(ticket, viewer, outwards=False)
    found = [
        Group(*key, total=counted[key][0], hidden=_hidden(counted[key])) for key in ORDER if key in counted
    ]
    pages = {
        group.key: _page(ticket, viewer, group, 0, size) for group in found if group.total > group.hidden
    }
    rows = {row.id: row for row in rows_by_number([n for page in pages.values() for n in page], viewer)}
    for group in found:
        group.rows = [rows[number] for number in pages.get(group.key, ()) if number in rows]
    return found


def group_of(
    ticket: Ticket, viewer: Agent, kind: str, outwards: bool, *, after: int = 0, size: int = SIZE
) -> Group:
    """One group, the page after a link."""
    counted = _counts(ticket, viewer, outwards=outwards).get((kind, outwards), (0, 0))
    group = Group(kind, outwards, total=counted[0], hidden=_hidden(counted))
    group.rows = rows_by_number(_page(ticket, viewer, group, after, size), viewer)
    return group


def _hidden(counted: tuple[int, int]) -> int:
    return counted[0] - counted[1]


def _counts(ticket: Ticket, viewer: Agent, *, outwards: bool) -> dict[tuple[str, bool], tuple[int, int]]:
    """All and visible ones by kind."""
    end, other = ("source", "target") if outwards else ("target", "source")
    known = known_where(viewer, f"{other}__")
    links = Link.objects.filter(**{end: ticket}).values("kind").order_by("kind")
    counted = links.annotate(every=Count("pk"), seen=Count("pk", filter=known))
    return {(row["kind"], outwards): (row["every"], row["seen"]) for row in counted}


def _page(ticket: Ticket, viewer: Agent, group: Group, after: int, size: int) -> list[int]:
    """The numbers of one page; writes into the group where the next one begins."""
    rows = list(visible_links(ticket, viewer, group.kind, group.outwards).filter(pk__gt=after)[: size + 1])
    if len(rows) > size:
        rows = rows[:size]
        group.more = rows[-1].pk
    return [row.target_id if group.outwards else row.source_id for row in rows]


def visible_links(ticket: Ticket, viewer: Agent, kind: str, outwards: bool) -> QuerySet[Link]:
    """Links of one kind whose other end the viewer may know of, in the order in which they were made."""
    end, other = ("source", "target") if outwards else ("target", "source")
    links = Link.objects.filter(**{end: ticket, "kind": kind})
    return links.filter(known_where(viewer, f"{other}__")).order_by("pk")
