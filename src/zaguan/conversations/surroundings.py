"""What stands around a conversation: tags, copies, links and drafts, the requester, and what happened to the ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Value

from zaguan.conversations.models import Draft
from zaguan.conversations.reading import texts
from zaguan.events.models import EventRecord
from zaguan.lib.prepared import Prepared, PreparedRows
from zaguan.people.models import Agent, Contact
from zaguan.tickets.models import HIDDEN_RANK, CarbonCopy, Link, Tag, Ticket
from zaguan.tickets.seeing import sees_all, visible_among

# A parent may have hundreds of children, a tracker thousands of conversations.
MANY = (Link.Kind.CHILD, Link.Kind.TRACKED)
# Enough to tell what happened between the messages of one page.
EVENTS = 80


@dataclass(slots=True)
class Attached:
    """Tags, copies and links of a ticket, and the viewer's drafts on it."""

    tags: list[tuple[int, str]] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    # Kind, number of the other ticket, and whether this one is the source.
    links: list[tuple[str, int, bool]] = field(default_factory=list)
    # Kind and number of those that are many: children, affected conversations.
    many: dict[str, int] = field(default_factory=dict)
    # Links to tickets that the viewer may not know of.
    hidden_links: int = 0
    drafts: set[str] = field(default_factory=set)


def _attached(ticket: int, agent: int) -> QuerySet[Any, Any]:
    tags = texts(Tag.objects.filter(tickets=ticket), "name")
    copies = texts(CarbonCopy.objects.filter(ticket_id=ticket), "email", "name")
    going_out = Link.objects.filter(source_id=ticket, target__rank__lt=HIDDEN_RANK)
    links_out = texts(going_out.exclude(kind__in=MANY), "kind")
    many = texts(going_out.filter(kind__in=MANY).values("kind").annotate(number=Count("pk")), "kind")
    links_in = texts(Link.objects.filter(target_id=ticket, source__rank__lt=HIDDEN_RANK), "kind")
    drafts = texts(Draft.objects.filter(ticket_id=ticket, agent_id=agent), "kind")
    parts = [
        (1, tags, "id"),
        (2, copies, "id"),
        (3, links_out, "target_id"),
        (4, links_in, "source_id"),
        (5, drafts, "id"),
    ]
    first, *others = [
        rows.annotate(k=Value(kind), number=F(number)).values_list("k", "number", "a", "b")
        for kind, rows, number in parts
    ]
    others.append(many.annotate(k=Value(6)).values_list("k", "number", "a", "b"))
    both: QuerySet[Any, Any] = first.union(*others, all=True)
    return both


_attached_to = Prepared(_attached, 2)


def attached_to(ticket: Ticket, viewer: Agent) -> Attached:
    """Tags, copies, links, and which drafts the viewer has."""
    found = Attached()
    for kind, number, text, more in _attached_to(ticket.pk, viewer.pk):
        if kind == 1:
            found.tags.append((number, text))
        elif kind == 2:
            found.copies.append((text, more))
        elif kind == 5:
            found.drafts.add(text)
        elif kind == 6:
            found.many[text] = number
        else:
            found.links.append((text, number, kind == 3))
    found.tags.sort(key=lambda tag: tag[1].lower())
    found.copies.sort()
    found.links.sort(key=lambda link: link[1], reverse=True)
    _hide(found, viewer)
    return found


def _hide(found: Attached, viewer: Agent) -> None:
    """Of a ticket that the viewer may not know of they learn that there is one, and nothing else."""
    if found.links and not sees_all(viewer):
        known = visible_among(viewer, [number for _kind, number, _out in found.links])
        kept = [link for link in found.links if link[1] in known]
        found.hidden_links, found.links = len(found.links) - len(kept), kept


_happened = PreparedRows(
    lambda ticket: (
        EventRecord.objects.filter(ticket_id=ticket).defer("tx", "cause_id").order_by("-id")[:EVENTS]
    )
)


def happenings(ticket: Ticket) -> list[EventRecord]:
    """The last events of a ticket, oldest first."""
    rows: list[EventRecord] = _happened(ticket.pk)
    rows.reverse()
    return rows


@dataclass(slots=True)
class Address:
    """An identity of a contact."""

    id: int
    kind: str
    value: str
    verified: bool
    bounced_at: datetime | None
    bounce_reason: str


@dataclass(slots=True)
class Person:
    """The requester as the ticket's panel shows them."""

    id: int
    public_id: str
    name: str
    language: str
    time_zone: str
    notes: str
    blocked_at: datetime | None
    created_at: datetime
    organisation: str | None
    organisation_id: str | None
    addresses: list[Address] = field(default_factory=list)


_person = Prepared(
    lambda contact: (
        Contact.objects.filter(pk=contact)
        .order_by("-identities__is_primary", "identities__id")
        .values_list(
            *("id", "public_id", "name", "language", "time_zone", "notes", "blocked_at", "created_at"),
            *("organisation__name", "organisation__public_id"),
            *("identities__id", "identities__kind", "identities__value", "identities__verified"),
            *("identities__bounced_at", "identities__bounce_reason"),
        )
    )
)


def requester_of(ticket: Ticket) -> Person | None:
    """Who asks, with all addresses."""
    rows = _person(ticket.requester_id) if ticket.requester_id else []
    if not rows:
        return None
    person = Person(*rows[0][:10])
    person.addresses = [Address(*row[10:]) for row in rows if row[10] is not None]
    return person
