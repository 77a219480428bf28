"""The family of a ticket: all that is connected with it by links, and, by choice, all of the same customer (A11.5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from zaguan.people.models import Agent
from zaguan.tickets.link_words import role_of_other
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.seeing import visible_among

# Enough for a history that somebody reads; a tracker's thousands are counted on "Related".
MOST, FURTHEST = 200, 3
# A guess is no family until somebody confirms it.
_CONNECTING = [kind for kind in Link.Kind.values if kind != Link.Kind.SUGGESTED]


@dataclass
class Family:
    """Numbers of tickets, nearest first, each with what it is to the one asked about ("" for distant relatives)."""

    center: int
    roles: dict[int, str] = field(default_factory=dict)
    # Tickets that the viewer may not know of: a number, no more.
    hidden: int = 0
    # There are more than are shown.
    is_cut: bool = False

    @property
    def numbers(self) -> list[int]:
        return list(self.roles)


def family_of(ticket: Ticket, viewer: Agent, *, same_customer: bool = False) -> Family:
    """Walk the links in both directions through tickets that the viewer may know of."""
    family, hidden = Family(ticket.pk, {ticket.pk: ""}), set[int]()
    edge = [ticket.pk]
    for _step in range(FURTHEST):
        if not edge:
            break
        edge = _walk(family, edge, hidden, viewer)
    family.hidden = len(hidden)
    if same_customer and ticket.requester_id:
        _add_customers(family, ticket, viewer)
    return family


def _walk(family: Family, edge: list[int], hidden: set[int], viewer: Agent) -> list[int]:
    """One step outwards; returns the tickets that it came to."""
    near = Link.objects.filter(Q(source__in=edge) | Q(target__in=edge), kind__in=_CONNECTING)
    links = list(near.order_by("-pk").values_list("source_id", "target_id", "kind")[: 2 * MOST])
    family.is_cut = family.is_cut or len(links) == 2 * MOST
    ends = dict.fromkeys(n for source, target, _kind in links for n in (source, target))
    new = [number for number in ends if number not in family.roles]
    known = visible_among(viewer, new) if new else set()
    # Also for who sees all: what lies in the trash or was merged is no part of it any more.
    standing = set(Ticket.objects.visible_to(viewer).filter(pk__in=known).values_list("pk", flat=True))
    hidden.update(number for number in new if number not in known)
    found: list[int] = []
    for source, target, kind in links:
        for number, outwards in ((target, True), (source, False)):
            if number not in standing or number in family.roles:
                continue
            if len(family.roles) >= MOST:
                family.is_cut = True
                return found
            other = source if outwards else target
            family.roles[number] = role_of_other(kind, outwards) if other == family.center else ""
            found.append(number)
    return found


def _add_customers(family: Family, ticket: Ticket, viewer: Agent) -> None:
    theirs = Ticket.objects.visible_to(viewer).filter(requester=ticket.requester_id)
    room = MOST - len(family.roles)
    numbers = list(
        theirs.exclude(pk__in=family.roles)
        .order_by("-active_at", "-id")
        .values_list("pk", flat=True)[: room + 1]
    )
    family.is_cut = family.is_cut or len(numbers) > room
    family.roles |= dict.fromkeys(numbers[:room], "")
