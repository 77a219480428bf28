"""SQL of a list, made once for all agents of the same kind: who asks and which team are put in when it is run.

Agents who see the same way (all, as many teams, only their own) get the same SQL but for a few numbers. The ORM
writes it for a stand-in whose ids are such numbers; making it anew for each page would cost more than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from django.db import connection

from zaguan.people.models import Agent, Role
from zaguan.tickets.models import Ticket

# No id grows so large. The viewer, an argument, their teams, a list of ids.
VIEWER = 8_070_450_532_247_700_000
ARGUMENT = VIEWER + 1
FIRST_TEAM = VIEWER + 100
Made = tuple[str, Sequence[Any]]


def shape_of(viewer: Agent) -> tuple[str, int, bool]:
    """How the viewer sees: agents with the same shape get the same SQL."""
    if not viewer.can("desk.use"):
        return ("nothing", 0, False)
    teams = len(viewer.team_ids())
    if viewer.scope == Role.Scope.ALL:
        return ("all", teams, False)
    if viewer.scope == Role.Scope.OWN:
        return ("own", teams, False)
    return ("team", teams, works_elsewhere(viewer))


def works_elsewhere(viewer: Agent) -> bool:
    """Whether tickets of teams that are not theirs are assigned to the viewer, as after leaving a team.

    That is rare; asking first spares each list a walk through everything that was ever assigned to them.
    """
    found: bool | None = viewer.__dict__.get("_works_elsewhere")
    if found is None:
        teams = sorted(viewer.team_ids())
        sql, values = _gaps(connection.vendor, len(teams))
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(values, {VIEWER: viewer.pk}, teams))
            found = cursor.fetchone() is not None
        viewer.__dict__["_works_elsewhere"] = found
    return found


@cache
def _gaps(vendor: str, teams: int) -> Made:
    """Between each two of their teams: an index leads to the gap, and mostly there is nothing in it."""
    pieces: list[str] = []
    values: list[Any] = []
    for low, high in pairwise([0, *range(FIRST_TEAM, FIRST_TEAM + teams), 2**62]):
        gap = Ticket.objects.filter(assignee_id=VIEWER, team_id__gt=low, team_id__lt=high)
        sql, given = gap.values_list("pk")[:1].query.sql_with_params()
        pieces.append(f"SELECT * FROM ({sql}) AS gap{len(pieces)}")  # noqa: S608 (a compiled queryset)
        values += given
    return " UNION ALL ".join(pieces), values


def _filled(values: Sequence[Any], given: dict[int, int], teams: list[int]) -> list[Any]:
    given = given | {FIRST_TEAM + place: team for place, team in enumerate(teams)}
    return [given.get(v, v) if isinstance(v, int) else v for v in values]


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
        sql, values = made
        return sql, _filled(values, {VIEWER: viewer.pk, slot: argument or 0}, teams)


def _stand_in(viewer: Agent, teams: int) -> Agent:
    agent = Agent(pk=VIEWER, name="", is_active=viewer.is_active, works_by_next=viewer.works_by_next)
    agent.role = viewer.role
    agent.__dict__["_works_elsewhere"] = shape_of(viewer)[2]
    agent.__dict__["_team_ids"] = {FIRST_TEAM + place for place in range(teams)}
    return agent
