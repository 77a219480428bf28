"""Distribution: routes, and who would get a ticket by them."""

from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.automation.models import Route
from zaguan.automation.routing_asks import Asked
from zaguan.automation.routing_routes import delete_route, reorder_routes, save_route
from zaguan.automation.routing_words import preview, sentences
from zaguan.people.models import Skill
from zaguan.people.skills import base
from zaguan.tickets.because import told

router = Router(tags=["distribution"])
Strategy = Literal["turn", "load", "none"]


class RouteIn(Schema):
    """Fields that are left out stay. Teams by name or id; a route is for a team's tickets, those of a filter, or both."""

    name: str | None = Field(None, max_length=80)
    team: int | str | None = None
    query: str | None = Field(None, max_length=500)
    is_active: bool | None = None
    strategy: Strategy | None = None
    by_skill: bool | None = None
    by_language: bool | None = None
    is_sticky: bool | None = None
    in_hours: bool | None = None
    leaves_absent: bool | None = None
    evens_out: bool | None = None
    overflow_team: int | str | None = None
    overflow_minutes: int | None = None
    timeout_minutes: int | None = None


class RouteOut(Schema):
    id: int
    name: str
    team: int | None
    query: str
    is_active: bool
    strategy: str
    by_skill: bool
    by_language: bool
    is_sticky: bool
    in_hours: bool
    leaves_absent: bool
    evens_out: bool
    overflow_team: int | None
    overflow_minutes: int
    timeout_minutes: int
    sentences: list[str]


class FitOut(Schema):
    agent: int
    name: str
    may: bool
    problem: str
    reasons: list[str]


class PreviewOut(Schema):
    """Who would get it (`chosen`, none when nobody would), and everybody with their reasons or what is against it."""

    chosen: int | None
    is_closed: bool
    by_hand: bool
    agents: list[FitOut]


_PLAIN = [name for name in RouteOut.model_fields if name not in ("team", "overflow_team", "sentences")]


def _route_out(route: Route) -> dict[str, Any]:
    named = {"team": route.team_id, "overflow_team": route.overflow_team_id, "sentences": sentences(route)}
    return {name: getattr(route, name) for name in _PLAIN} | named


def _values(request: AgentRequest, body: RouteIn) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    for name in {"team", "overflow_team"} & set(given):
        given[name] = looking_up.team(request.auth, given[name])
    return {k: v for k, v in given.items() if v is not None or k in ("team", "overflow_team")}


def _route(request: AgentRequest, route_id: int) -> Route:
    rows = Route.objects.visible_to(request.auth).select_related("team", "overflow_team")
    return looking_up.found(rows, pk=route_id)


EDITION = Edition(_route, besides=("evened_since", "evened"))


@router.get("/routes", response=list[RouteOut], summary="List the routes by which tickets are distributed")
@needs("desk.use")
def list_routes(request: AgentRequest) -> list[dict[str, Any]]:
    rows = Route.objects.visible_to(request.auth).select_related("team", "overflow_team")
    return [_route_out(route) for route in rows]


@router.post("/routes", response={201: RouteOut}, summary="Add a route")
@needs("automation.manage_routing")
@once
def create_route(request: AgentRequest, body: RouteIn) -> Status[Any]:
    return Status(201, _route_out(save_route(None, by=request.auth, **_values(request, body))))


@router.put("/routes/order", response=list[RouteOut], summary="Put routes into an order")
@needs("automation.manage_routing")
@once
def order_routes(request: AgentRequest, body: OrderIn) -> list[dict[str, Any]]:
    """The first one that fits a ticket counts."""
    reorder_routes(body.ids, by=request.auth)
    return list_routes(request)  # type: ignore[no-any-return]


@router.get("/routes/{int:route_id}", response=RouteOut, summary="Read a route")
@needs("desk.use")
@EDITION
def read_route(request: AgentRequest, route_id: int) -> dict[str, Any]:
    return _route_out(_route(request, route_id))


@router.patch("/routes/{int:route_id}", response=RouteOut, summary="Change a route")
@needs("automation.manage_routing")
@once
@EDITION
def patch_route(request: AgentRequest, route_id: int, body: RouteIn) -> dict[str, Any]:
    route = _route(request, route_id)
    return _route_out(save_route(route, by=request.auth, **_values(request, body)))


@router.delete("/routes/{int:route_id}", response={204: None}, summary="Delete a route")
@needs("automation.manage_routing")
@EDITION
def remove_route(request: AgentRequest, route_id: int) -> None:
    delete_route(_route(request, route_id), by=request.auth)


@router.get("/routes/{int:route_id}/preview", response=PreviewOut, summary="Who would get a ticket now")
@needs("automation.manage_routing")
def preview_route(
    request: AgentRequest,
    route_id: int,
    channel: str = "email",
    language: str = "",
    skill: str = "",
    team: int | None = None,
) -> dict[str, Any]:
    """A ticket of this channel and language that asks for this skill; `team` for a route of a filter alone."""
    route = _route(request, route_id)
    wanted = looking_up.one(Skill.objects.visible_to(request.auth).filter(archived_at=None), skill, "skill")
    asked = Asked(route.team_id or team, channel, base(language), {wanted.pk: 1} if wanted else {})
    found = preview(route, asked)
    agents = [
        {"agent": f.worker.agent.pk, "name": f.worker.agent.name, "may": f.may, "problem": f.problem}
        | {"reasons": told(f.reasons)}
        for f in found.fits
    ]
    chosen = found.chosen.worker.agent.pk if found.chosen else None
    return {"chosen": chosen, "is_closed": found.is_closed, "by_hand": found.by_hand, "agents": agents}
