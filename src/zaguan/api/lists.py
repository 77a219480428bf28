"""What a ticket's fields may hold, saved views, inboxes, and who is asking."""

from typing import Any

from ninja import Router, Schema

from zaguan.api.access import AgentRequest, needs
from zaguan.api.shapes import NameOut, StatusOut
from zaguan.conversations.models import Inbox
from zaguan.tickets.counting import counts
from zaguan.tickets.models import Category, Service, Status, Tag, Urgency, View

router = Router(tags=["lists"])


class ServiceOut(NameOut):
    parent: int | None


class ViewOut(NameOut):
    query: str
    order: str
    shared: bool


class InboxOut(Schema):
    id: str
    name: str
    kind: str
    address: str
    is_active: bool
    last_error: str


class MeOut(Schema):
    id: int
    name: str
    email: str
    role: str
    teams: list[int]
    permissions: list[str]


def _entries(rows: Any) -> list[dict[str, Any]]:
    return [{"id": row.pk, "name": row.label} for row in rows.filter(archived_at=None)]


@router.get("/me", response=MeOut, summary="Whose token this is")
@needs("desk.use")
def me(request: AgentRequest) -> dict[str, Any]:
    agent = request.auth
    allowed = ["*"] if agent.role.is_admin else agent.role.permissions
    return {
        "id": agent.pk,
        "name": agent.name,
        "email": agent.email,
        "role": agent.role.name,
        "teams": sorted(agent.team_ids()),
        "permissions": allowed,
    }


@router.get("/statuses", response=list[StatusOut], summary="List statuses")
@needs("desk.use")
def list_statuses(request: AgentRequest) -> list[dict[str, Any]]:
    rows = Status.objects.visible_to(request.auth).filter(archived_at=None)
    return [{"id": s.pk, "name": s.label, "phase": s.phase} for s in rows]


@router.get("/categories", response=list[NameOut], summary="List categories")
@needs("desk.use")
def list_categories(request: AgentRequest) -> list[dict[str, Any]]:
    return _entries(Category.objects.visible_to(request.auth))


@router.get("/urgencies", response=list[NameOut], summary="List urgencies")
@needs("desk.use")
def list_urgencies(request: AgentRequest) -> list[dict[str, Any]]:
    return _entries(Urgency.objects.visible_to(request.auth))


@router.get("/services", response=list[ServiceOut], summary="List the tree of services")
@needs("desk.use")
def list_services(request: AgentRequest) -> list[dict[str, Any]]:
    rows = Service.objects.visible_to(request.auth).filter(archived_at=None)
    return [{"id": s.pk, "name": s.label, "parent": s.parent_id} for s in rows]


@router.get("/tags", response=list[NameOut], summary="List tags")
@needs("desk.use")
def list_tags(request: AgentRequest) -> Any:
    return Tag.objects.visible_to(request.auth)


@router.get("/views", response=list[ViewOut], summary="List saved views")
@needs("desk.use")
def list_views(request: AgentRequest) -> list[dict[str, Any]]:
    return [
        {"id": v.pk, "name": v.name, "query": v.query, "order": v.order, "shared": v.owner_id is None}
        for v in View.objects.visible_to(request.auth)
    ]


@router.get(
    "/counts",
    response=dict[str, int],
    summary="How many tickets wait in each view (at most 1000 are counted)",
)
@needs("desk.use")
def list_counts(request: AgentRequest) -> dict[str, int]:
    return counts(request.auth)


@router.get("/inboxes", response=list[InboxOut], summary="List inboxes")
@needs("desk.use")
def list_inboxes(request: AgentRequest) -> list[dict[str, Any]]:
    fields = ("name", "kind", "address", "is_active", "last_error")
    return [
        {f: getattr(i, f) for f in fields} | {"id": i.public_id}
        for i in Inbox.objects.visible_to(request.auth)
    ]
