"""How the addresses of distribution, skills, capacity and presence are called, and what they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.automation.routing_routes import save_route
from zaguan.people.skills import save_skill
from zaguan.testing.world import World

_ROUTE = {
    "name": "Otra",
    "query": "channel:phone",
    "strategy": "none",
    "timeout_minutes": "0",
    "overflow_minutes": "0",
}
_WEIGHTS = {f"weight_{channel}": "1" for channel in ("chat", "phone", "whatsapp", "web", "email")}
_CAPACITY = {"total": "5", "other": "0.2", "away_after_minutes": "15", **_WEIGHTS}
_SKILL = "/skills/<int:skill_id>"
_ROUTES = "/routes/<int:route_id>"

DESK: dict[str, Entry] = {
    "desk:next": form(),
    "desk:availability": form(post={"availability": "busy"}),
    "desk:alive": button(),
    "desk:settings-distribution": form(),
    "desk:new-route": form(post=_ROUTE),
    "desk:edit-route": form("route", post=_ROUTE),
    "desk:settings-skills": page(),
    "desk:new-skill": form(post={"name": "Redes", "level": "1"}),
    "desk:edit-skill": form("skill", post={"name": "Facturas", "level": "2"}),
    "desk:settings-capacity": form(post=_CAPACITY),
    "desk:edit-abilities": form("agent", post={"languages": ["es"], "places": "4"}),
}

API: dict[str, Entry] = {
    "PUT /me/availability": Entry(body={"availability": "busy"}),
    "POST /tickets/next": Entry(body={}, good=(200,)),
    "GET /routes": Entry(get={}),
    "POST /routes": Entry(body={"name": "Otra", "query": "channel:phone"}),
    "PUT /routes/order": Entry(body={"ids": ["{route}"]}),
    f"PATCH {_ROUTES}": Entry(on=("route",), body={"strategy": "none"}),
    f"DELETE {_ROUTES}": Entry(on=("route",)),
    f"GET {_ROUTES}/preview": Entry(on=("route",), get={"language": "pt"}),
    "GET /teams/<int:team_id>/load": Entry(on=("team",), get={}),
    "GET /skills": Entry(get={}),
    "POST /skills": Entry(body={"name": "Redes"}),
    f"PATCH {_SKILL}": Entry(on=("skill",), body={"description": "x"}),
    "GET /capacity": Entry(get={}),
    "PATCH /capacity": Entry(body={"total": 5}),
    "GET /agents/<int:agent_id>/abilities": Entry(on=("agent",), get={}),
    "PATCH /agents/<int:agent_id>/abilities": Entry(on=("agent",), body={"languages": ["es"]}),
}


def scene_of_distribution(world: World) -> dict[str, Any]:
    """A route that gives nothing by itself, and a skill."""
    route = save_route(None, by=world.bo, name="A mano", team=world.sales, strategy="none")
    return {"route": route.pk, "skill": save_skill(None, name="Facturas", by=world.bo).pk}
