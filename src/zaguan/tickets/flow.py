"""The document flow of a ticket: the chain of everything connected with it, as far as the viewer may know of it (A4.4).

Apps above say what documents their tables hold (`documents`): mails and notes now, orders or surveys when there are some.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from zaguan.people.models import Agent
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.rows import Row, rows_by_number
from zaguan.tickets.seeing import visible_among

# Enough to see where something came from and went to; a tracker's thousands are counted.
MOST_TICKETS, MOST_BESIDE, FURTHEST = 40, 8, 4
MOST_DOCUMENTS, FEW_DOCUMENTS = 8, 3
# As many links of one ticket are looked at.
NEAR = 4 * MOST_BESIDE


@dataclass(frozen=True)
class Document:
    """Something that belongs to a ticket; `icon` is a name of lucide's."""

    kind: str
    label: str
    at: datetime
    href: str
    icon: str


@dataclass
class Node:
    """One ticket of the chain; `step` is how far it is from the one asked about, negative for what came before."""

    row: Row
    step: int
    documents: list[Document] = field(default_factory=list)
    # Documents that are not listed; tickets linked to this one that are not shown, and such as may not be seen.
    more_documents: int = 0
    more_tickets: int = 0
    hidden: int = 0

    @property
    def number(self) -> int:
        return self.row.number


@dataclass
class Flow:
    """The chain: tickets by number, and the links between them as (source, target, kind)."""

    center: int
    nodes: dict[int, Node] = field(default_factory=dict)
    links: list[tuple[int, int, str]] = field(default_factory=list)


Source = Callable[[list[int], Agent, int], dict[int, tuple[list[Document], int]]]
_sources: list[Source] = []


def documents(source: Source) -> Source:
    """Let an app tell the documents of tickets: called with numbers, viewer and how many at most of each ticket.

    It answers by number with the newest ones and how many there are in all.
    """
    _sources.append(source)
    return source


def flow_of(ticket: Ticket, viewer: Agent) -> Flow:
    """Walk the links from a ticket in both directions, nearest first, until there is enough."""
    flow, steps = Flow(ticket.pk), {ticket.pk: 0}
    beyond: dict[int, tuple[int, int]] = {}
    edge = [ticket.pk]
    for _distance in range(FURTHEST):
        if not edge or len(steps) >= MOST_TICKETS:
            break
        edge = _walk(flow, edge, steps, beyond, viewer)
    for row in rows_by_number(list(steps), viewer):
        cut, hidden = beyond.get(row.number, (0, 0))
        flow.nodes[row.number] = Node(row, steps[row.number], more_tickets=cut, hidden=hidden)
    flow.links = [
        link for link in dict.fromkeys(flow.links) if link[0] in flow.nodes and link[1] in flow.nodes
    ]
    _add_documents(flow, viewer)
    return flow


def _walk(
    flow: Flow, edge: list[int], steps: dict[int, int], beyond: dict[int, tuple[int, int]], viewer: Agent
) -> list[int]:
    """One step from the tickets at the edge; returns the new edge."""
    found: list[int] = []
    around = _around(edge)
    others = {other for near, _total in around.values() for link in near for other in link[:2]}
    known = visible_among(viewer, sorted(others - set(edge))) | set(steps) if others else set()
    for number in edge:
        near, total = around[number]
        others_of = [target if source == number else source for source, target, _kind in near]
        cut = hidden = 0
        taken = 0
        for (source, target, kind), other in zip(near, others_of, strict=True):
            if other not in known:
                hidden += 1
            elif other in steps:
                flow.links.append((source, target, kind))
            elif taken < MOST_BESIDE and len(steps) < MOST_TICKETS:
                taken += 1
                steps[other] = steps[number] + (1 if source == number else -1)
                found.append(other)
                flow.links.append((source, target, kind))
            else:
                cut += 1
        beyond[number] = (cut + total - len(near), hidden)
    return found


def _around(numbers: list[int]) -> dict[int, tuple[list[tuple[int, int, str]], int]]:
    """The newest links of each ticket in either direction, and how many it has: two questions for all of them."""
    links: dict[int, dict[int, tuple[int, int, str]]] = {number: {} for number in numbers}
    totals: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for end in ("source_id", "target_id"):
        ranked = Link.objects.filter(**{f"{end}__in": numbers}).annotate(
            place=Window(RowNumber(), partition_by=F(end), order_by=F("pk").desc()),
            every=Window(Count("pk"), partition_by=F(end)),
        )
        columns = ("pk", "source_id", "target_id", "kind", "every")
        for pk, source, target, kind, every in ranked.filter(place__lte=NEAR).values_list(*columns):
            number = source if end == "source_id" else target
            links[number][pk] = (source, target, kind)
            totals[number][end] = every
    newest = {number: sorted(found, reverse=True)[:NEAR] for number, found in links.items()}
    return {n: ([links[n][pk] for pk in newest[n]], sum(totals[n].values())) for n in numbers}


def _add_documents(flow: Flow, viewer: Agent) -> None:
    numbers = list(flow.nodes)
    for source in _sources:
        for number, (some, total) in source(numbers, viewer, MOST_DOCUMENTS).items():
            node = flow.nodes[number]
            node.documents += some
            node.more_documents += total - len(some)
    for node in flow.nodes.values():
        limit = MOST_DOCUMENTS if node.number == flow.center else FEW_DOCUMENTS
        node.documents.sort(key=lambda document: document.at)
        node.more_documents += max(len(node.documents) - limit, 0)
        node.documents = node.documents[-limit:]
