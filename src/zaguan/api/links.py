"""Tickets that belong together: links, children, the document flow."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.paging import decode, encode, limit
from zaguan.tickets.finishing import finish_children
from zaguan.tickets.flow import flow_of
from zaguan.tickets.linking import link, unlink
from zaguan.tickets.linking_many import MOST, link_many, unlink_many
from zaguan.tickets.models import Link, Phase, Ticket
from zaguan.tickets.progress import progress_of
from zaguan.tickets.related import group_of
from zaguan.tickets.statuses import default_status

router = Router(tags=["links"])
LinkKind = Literal[
    "follow_up", "related", "suggested", "child", "duplicate", "clone", "split", "tracked", "back_office"
]


class LinkIn(Schema):
    """`number` is the target: the follow-up, child, duplicate … of this ticket, or the conversation it tracks."""

    number: int
    kind: Literal["follow_up", "related", "child", "duplicate", "tracked"] = "related"


class LinkOut(Schema):
    kind: str
    source: int
    target: int


@router.get("/tickets/{int:number}/links", response=list[LinkOut], summary="Read linked tickets")
@needs("desk.use")
def list_links(request: AgentRequest, number: int, kind: LinkKind | None = None) -> list[dict[str, Any]]:
    """Links whose other end the agent may know of, the newest thousand of each direction."""
    ticket = looking_up.ticket_for(request.auth, number)
    rows = []
    for end in (ticket.links_out, ticket.links_in):
        rows += list((end.filter(kind=kind) if kind else end.all()).order_by("-pk")[:1000])
    others = {r.target_id if r.source_id == ticket.pk else r.source_id for r in rows}
    known = set(Ticket.objects.visible_to(request.auth).filter(pk__in=others).values_list("pk", flat=True))
    return [
        {"kind": r.kind, "source": r.source_id, "target": r.target_id}
        for r in rows
        if {r.source_id, r.target_id} - {ticket.pk} <= known
    ]


@router.post("/tickets/{int:number}/links", response={201: LinkOut}, summary="Link two tickets")
@needs("tickets.edit")
@once
def create_link(request: AgentRequest, number: int, body: LinkIn) -> Status[Any]:
    """The other ticket follows up, is a child of, duplicates, or is related to this one; or this tracker tracks it."""
    source, target = _both(request, number, body.number)
    made: Link = link(source, target, body.kind, by=request.auth)
    return Status(201, {"kind": made.kind, "source": made.source_id, "target": made.target_id})


class LinksIn(Schema):
    """The targets, each as in `LinkIn`."""

    numbers: list[int] = Field(min_length=1, max_length=MOST)
    kind: Literal["follow_up", "related", "child", "duplicate", "tracked"] = "related"


@router.post("/tickets/{int:number}/links/many", response={201: list[LinkOut]}, summary="Link many tickets")
@needs("tickets.edit")
@once
def create_links(request: AgentRequest, number: int, body: LinksIn) -> Status[Any]:
    """Up to a thousand at once, all of them or none; those that are linked already are among the answer."""
    source = looking_up.ticket_for(request.auth, number)
    made = link_many(source, _targets(request, body.numbers), body.kind, by=request.auth)
    return Status(201, [{"kind": m.kind, "source": m.source_id, "target": m.target_id} for m in made])


@router.post("/tickets/{int:number}/links/many/remove", response={204: None}, summary="Take many links away")
@needs("tickets.edit")
@once
def delete_links(request: AgentRequest, number: int, body: LinksIn) -> Status[Any]:
    """All of them or none; what is not linked stays so."""
    source = looking_up.ticket_for(request.auth, number)
    unlink_many(source, _targets(request, body.numbers), body.kind, by=request.auth)
    return Status(204, None)


def _targets(request: AgentRequest, numbers: list[int]) -> list[Ticket]:
    rows = Ticket.objects.visible_to(request.auth).select_related("type").in_bulk(numbers)
    # What was merged leads to where it went; of the others one is named that is not there.
    return [rows.get(number) or looking_up.ticket_for(request.auth, number) for number in numbers]


def _both(request: AgentRequest, source: int, target: int) -> tuple[Ticket, Ticket]:
    return looking_up.ticket_for(request.auth, source), looking_up.ticket_for(request.auth, target)


@router.delete(
    "/tickets/{int:number}/links/{kind}/{int:other}", response={204: None}, summary="Take a link away"
)
@needs("tickets.edit")
@once
def delete_link(request: AgentRequest, number: int, kind: LinkKind, other: int) -> Status[Any]:
    """The other ticket is the target; a suggestion that is taken away was a wrong one. Taking away twice is fine."""
    source, target = _both(request, number, other)
    unlink(source, target, kind, by=request.auth)
    return Status(204, None)


class ChildOut(Schema):
    number: int
    subject: str
    status: str
    phase: str
    assignee: str | None


class ChildrenOut(Schema):
    """`hidden` children are those that the agent may not know of."""

    done: int
    total: int
    hidden: int
    items: list[ChildOut]
    next_cursor: str | None


@router.get(
    "/tickets/{int:number}/children", response=ChildrenOut, summary="Read children and their progress"
)
@needs("desk.use")
def list_children(request: AgentRequest, number: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    progress, after = progress_of(ticket.pk), decode(cursor) or 0
    group = group_of(ticket, request.auth, Link.Kind.CHILD, True, after=after, size=limit(size))
    items = [
        {
            "number": row.number, "subject": row.subject, "status": row.status.label, "phase": row.phase,
            "assignee": row.assignee.name if row.assignee else None,
        }
        for row in group.rows
    ]  # fmt: skip
    following = encode(group.more) if group.more else None
    numbers = {"done": progress.done, "total": progress.total, "hidden": group.hidden}
    return numbers | {"items": items, "next_cursor": following}


class FinishIn(Schema):
    status: int | str | None = None
    reason: str = ""


class FinishOut(Schema):
    done: list[int]
    refused: dict[str, str]


@router.post("/tickets/{int:number}/children/finish", response=FinishOut, summary="Finish the open children")
@needs("tickets.set_status")
@once
def finish(request: AgentRequest, number: int, body: FinishIn) -> dict[str, Any]:
    """Each child by itself: one that is refused stops no other."""
    ticket = looking_up.ticket_for(request.auth, number)
    status = looking_up.status(request.auth, body.status) or default_status(Phase.RESOLVED)
    found = finish_children(ticket, status, viewer=request.auth, by=request.auth, reason=body.reason)
    return {"done": found.done, "refused": {str(n): sentence for n, sentence in found.refused.items()}}


class DocumentOut(Schema):
    kind: str
    label: str
    at: datetime
    href: str


class NodeOut(Schema):
    number: int
    subject: str
    status: str
    step: int
    documents: list[DocumentOut]
    more_documents: int
    more_tickets: int
    hidden: int


class FlowOut(Schema):
    nodes: list[NodeOut]
    links: list[LinkOut]


@router.get("/tickets/{int:number}/flow", response=FlowOut, summary="Read the document flow")
@needs("desk.use")
def read_flow(request: AgentRequest, number: int) -> dict[str, Any]:
    """The chain of tickets around this one with their newest documents; `step` is negative for what came before."""
    flow = flow_of(looking_up.ticket_for(request.auth, number), request.auth)
    nodes = [
        {
            "number": node.number, "subject": node.row.subject, "status": node.row.status.label, "step": node.step,
            "documents": [
                {"kind": d.kind, "label": d.label, "at": d.at, "href": d.href} for d in node.documents
            ],
            "more_documents": node.more_documents, "more_tickets": node.more_tickets, "hidden": node.hidden,
        }
        for node in sorted(flow.nodes.values(), key=lambda node: (node.step, node.number))
    ]  # fmt: skip
    return {"nodes": nodes, "links": [{"source": s, "target": t, "kind": k} for s, t, k in flow.links]}
