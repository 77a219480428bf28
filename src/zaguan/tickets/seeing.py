"""Which tickets a viewer may know of, asked in statements that are made once per kind of agent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from zaguan.lib.many import SIZES
from zaguan.people.models import Agent, Role
from zaguan.tickets.models import Ticket, TicketQuerySet
from zaguan.tickets.selections import KNOWN, Selection, scope, unindexed
from zaguan.tickets.shapes import Made, Shaped

# Stand for the numbers asked about; no id grows so large.
FIRST_NUMBER = 8_070_450_532_247_600_000


def sees_all(viewer: Agent) -> bool:
    """Whether there is no ticket that the viewer may not know of."""
    return viewer.can("desk.use") and viewer.scope == Role.Scope.ALL


def seen_by(viewer: Agent, tickets: TicketQuerySet) -> TicketQuerySet:
    """Those of `tickets` that the viewer may know of: visible_to, but never where the database starts looking."""
    parts = scope(viewer, Selection())
    return tickets.filter(KNOWN, unindexed(parts)) if parts else tickets.none()


def visible_among(viewer: Agent, numbers: Sequence[int]) -> set[int]:
    """Those of these tickets that the viewer may know of. For who sees all, also such as are out of sight by now."""
    if sees_all(viewer):
        return set(numbers)
    found: set[int] = set()
    for start in range(0, len(numbers), SIZES[-1]):
        some = numbers[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))
        sql, values = _among(viewer, size)
        padded = [*some, *[some[-1]] * (size - len(some))]
        given = {FIRST_NUMBER + place: number for place, number in enumerate(padded)}
        found.update(_run(sql, [given.get(v, v) if isinstance(v, int) else v for v in values]))
    return found


def hidden_in(viewer: Agent, told: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """The tickets named in events of others (`other_id`) that the viewer may not know of."""
    if sees_all(viewer):
        return frozenset()
    others = {data["other_id"] for data in told if isinstance(data.get("other_id"), int)}
    return frozenset(others - visible_among(viewer, list(others))) if others else frozenset()


def visible_numbers(viewer: Agent, limit: int) -> list[int]:
    """Some tickets that the viewer may know of, at most `limit`."""
    return _run(*_some(viewer, limit))


def _make_among(viewer: Agent, size: int) -> Made:
    numbers = list(range(FIRST_NUMBER, FIRST_NUMBER + size))
    return _sql(seen_by(viewer, Ticket.objects.filter(pk__in=numbers)).order_by().values_list("pk"))


def _make_some(viewer: Agent, limit: int) -> Made:
    return _sql(Ticket.objects.visible_to(viewer).order_by().values_list("pk")[:limit])


def _sql(tickets: object) -> Made:
    try:
        made: Made = tickets.query.sql_with_params()  # type: ignore[attr-defined]
    except EmptyResultSet:
        return "", ()
    return made


def _run(sql: str, values: Sequence[object]) -> list[int]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]
        return [row[0] for row in cursor.fetchall()]


_among, _some = Shaped(_make_among), Shaped(_make_some)
