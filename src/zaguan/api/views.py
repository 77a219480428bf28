"""Saved views: searches with a name, one's own or shared."""

from typing import Any, Literal

from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.shapes import NameOut
from zaguan.tickets.models import View
from zaguan.tickets.views import change_view, delete_view, save_view

router = Router(tags=["views"])
Order = Literal["active", "created", "urgency", "waiting"]


class ViewOut(NameOut):
    """`key` is what the list of tickets takes as `view`; `team` is set when it is a team's."""

    key: str
    query: str
    order: str
    shared: bool
    team: int | None


class ViewIn(Schema):
    """`team` shares it with a team, `everybody` with all; neither: it is one's own."""

    name: str
    query: str = ""
    order: Order = "active"
    team: int | str | None = None
    everybody: bool = False


class ViewChange(Schema):
    name: str | None = None
    query: str | None = None
    order: Order | None = None


def _out(view: View) -> dict[str, Any]:
    plain = {field: getattr(view, field) for field in ("name", "query", "order")}
    shared = view.owner_id is None
    return {"id": view.pk, "key": f"saved:{view.pk}", "shared": shared, "team": view.team_id} | plain


def _view(request: AgentRequest, view_id: int) -> View:
    return looking_up.found(View.objects.visible_to(request.auth), pk=view_id)


EDITION = Edition(_view)


@router.get("/views", response=list[ViewOut], summary="List saved views")
@needs("desk.use")
def list_views(request: AgentRequest) -> list[dict[str, Any]]:
    return [_out(view) for view in View.objects.visible_to(request.auth)]


@router.post("/views", response={201: ViewOut}, summary="Save a view")
@needs("desk.use")
@once
def create_view(request: AgentRequest, body: ViewIn) -> Status[Any]:
    """Sharing needs the permission tickets.share_views."""
    team = looking_up.team(request.auth, body.team)
    given = body.model_dump(include={"name", "query", "order", "everybody"})
    return Status(201, _out(save_view(request.auth, team=team, by=request.auth, **given)))


@router.get("/views/{int:view_id}", response=ViewOut, summary="Read a view")
@needs("desk.use")
@EDITION
def read_view(request: AgentRequest, view_id: int) -> dict[str, Any]:
    return _out(_view(request, view_id))


@router.patch("/views/{int:view_id}", response=ViewOut, summary="Change a view")
@needs("desk.use")
@once
@EDITION
def patch_view(request: AgentRequest, view_id: int, body: ViewChange) -> dict[str, Any]:
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    return _out(change_view(request.auth, _view(request, view_id), by=request.auth, **given))


@router.delete("/views/{int:view_id}", response={204: None}, summary="Delete a view")
@needs("desk.use")
@EDITION
def remove_view(request: AgentRequest, view_id: int) -> None:
    delete_view(request.auth, _view(request, view_id), by=request.auth)
