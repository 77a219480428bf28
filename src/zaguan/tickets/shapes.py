"""SQL of a list, made once for all agents of the same kind: who asks and which team are put in when it is run.

Agents who see the same way (all, as many teams, only their own) get the same SQL but for a few numbers. The ORM
writes it for a stand-in whose ids are such numbers; making it anew for each page would cost more than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from zaguan.people.models import Agent, Role

# No id grows so large. The viewer, an argument, their teams, a list of ids.
VIEWER = 8_070_450_532_247_700_000
ARGUMENT = VIEWER + 1
FIRST_TEAM = VIEWER + 100
Made = tuple[str, Sequence[Any]]


def shape_of(viewer: Agent) -> tuple[str, int]:
    """How the viewer sees: agents with the same shape get the same SQL."""
    if not viewer.can("desk.use"):
        return ("nothing", 0)
    if viewer.role.is_admin or viewer.role.ticket_scope == Role.Scope.ALL:
        return ("all", len(viewer.team_ids()))
    if viewer.role.ticket_scope == Role.Scope.OWN:
        return ("own", len(viewer.team_ids()))
    return ("team", len(viewer.team_ids()))


class Shaped:
    """Statements by shape and key. `make` is called for a new one, with the stand-in and the stand-in argument."""

    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make
        self._made: dict[Any, Made] = {}

    def __call__(self, viewer: Agent, *key: Any, argument: int | None = None) -> Made:
        """The SQL and its values for this viewer."""
        teams = sorted(viewer.team_ids())
        place = teams.index(argument) if argument in teams else -1
        full = (connection.vendor, shape_of(viewer), argument is not None, place, *key)
        slot = ARGUMENT if place < 0 else FIRST_TEAM + place
        made = self._made.get(full)
        if made is None:
            stand_in = _stand_in(viewer, len(teams))
            made = (
                self._make(stand_in, *key) if argument is None else self._make(stand_in, *key, argument=slot)
            )
            self._made[full] = made
        given = {VIEWER: viewer.pk, **{FIRST_TEAM + n: team for n, team in enumerate(teams)}}
        if argument is not None:
            given[slot] = argument
        sql, values = made
        return sql, [given.get(v, v) if type(v) is int else v for v in values]


def _stand_in(viewer: Agent, teams: int) -> Agent:
    agent = Agent(pk=VIEWER, name="", is_active=viewer.is_active)
    agent.role = viewer.role
    agent.__dict__["_team_ids"] = {FIRST_TEAM + place for place in range(teams)}
    return agent
