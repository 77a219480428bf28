"""Skills, languages and routes of the demo. Nothing is given by itself: visitors press Next, or switch a route on."""

from __future__ import annotations

from typing import Any

from zaguan.automation.routing_routes import save_route, set_needs
from zaguan.ops.demo.casting import Cast
from zaguan.people.skills import save_skill, set_abilities


def distribute(cast: Cast, data: dict[str, Any]) -> None:
    """Set distribution up, as the administrator would."""
    by = cast.agents[0]
    can: dict[int, dict[int, int]] = {}
    for entry in data["skills"]:
        skill = save_skill(None, name=entry["name"], description=entry["description"], by=by)
        tags = [("tag", cast.tags[name].pk) for name in entry["tags"] if name in cast.tags]
        set_needs(skill, tags, level=1, by=by)
        for place, level in entry["agents"].items():
            can.setdefault(int(place), {})[skill.pk] = level
    for place, languages in enumerate(data["languages"]):
        set_abilities(cast.agents[place], skills=can.get(place, {}), languages=languages, by=by)
    for entry in data["routes"]:
        values = dict(entry)
        for name in {"team", "overflow_team"} & set(values):
            values[name] = cast.teams[values[name]]
        save_route(None, by=by, **values)
