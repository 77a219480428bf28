"""A view in columns, for a board: one statement finds the beginnings of all of them, along the indexes of the lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Q

from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.listing import LARGEST, Page, branches, merged
from zaguan.tickets.models import RANKS, Phase
from zaguan.tickets.ordering import Order, order_named, write_cursor
from zaguan.tickets.rows import rows_by_number
from zaguan.tickets.selections import Selection, selection_for
from zaguan.tickets.shapes import FIRST_TEAM, VIEWER, Made, Shaped

# What a board is made of: "status", "assignee", "team" or "urgency", and the ids of its columns; None for none.
Ids = Sequence[int | None]
# Stand for the people of a board, so that boards of different people are asked with the same SQL.
_FIRST_PERSON = VIEWER + 50
MOST = 40


def piles(viewer: Agent, *, view: str, query: str, by: str, ids: Ids, size: int) -> list[Page]:
    """The first page of each column, in their order, in as many questions as one list takes.

    Raises UnknownView for a view that is not there for the viewer.
    """
    size, ids = max(1, min(size, LARGEST)), ids[:MOST]
    chosen = selection_for(viewer, view)
    way, text = order_named(chosen.order), f"{chosen.query} {query}".strip()
    asked = parse(text, viewer) if text else Query()
    if text or not chosen.steady:
        made = _merged(viewer, chosen, asked, way, by, ids, size + 1)
    else:
        made = _prepared(viewer, view, way, by, ids, size + 1)
    return _pages(viewer, _numbers(made), len(ids), way, size, asked.problems)


def _pages(
    viewer: Agent, found: dict[int, list[int]], count: int, way: Order, size: int, problems: list[str]
) -> list[Page]:
    shown = [number for place in range(count) for number in found[place][:size]]
    rows = {row.id: row for row in rows_by_number(shown, viewer)}
    pages = []
    for place in range(count):
        mine = [rows[number] for number in found[place][:size] if number in rows]
        more = write_cursor(way, mine[-1]) if mine and len(found[place]) > size else ""
        pages.append(Page(mine, more, way.name, problems))
    return pages


def _prepared(viewer: Agent, view: str, way: Order, by: str, ids: Ids, limit: int) -> Made:
    """People and the viewer's teams are put in when it is run; of all else there are only a few."""
    name, _colon, argument = view.partition(":")
    people = {each: _FIRST_PERSON + place for place, each in enumerate(ids) if each and by == "assignee"}
    known = people | (
        {team: FIRST_TEAM + n for n, team in enumerate(sorted(viewer.team_ids()))} if by == "team" else {}
    )
    slots = tuple(known.get(each, each) if each else None for each in ids)
    number = int(argument) if argument else None
    # The rank of a status stands in the SQL, and an empty status may still go to another phase.
    phases = tuple(status.phase for status in map(reference.statuses.get, ids) if status and by == "status")
    sql, values = _steady(viewer, name, way.name, limit, by, slots, phases, argument=number)
    real = {slot: each for each, slot in people.items()}
    return sql, [real.get(value, value) if isinstance(value, int) else value for value in values]


def _make_steady(
    viewer: Agent,
    name: str,
    order: str,
    limit: int,
    by: str,
    ids: Ids,
    _phases: tuple[str, ...],
    argument: int | None = None,
) -> Made:
    chosen = selection_for(viewer, name if argument is None else f"{name}:{argument}")
    return _merged(viewer, chosen, Query(), order_named(order), by, ids, limit)


_steady = Shaped(_make_steady)


def _merged(
    viewer: Agent, chosen: Selection, asked: Query, way: Order, by: str, ids: Ids, limit: int
) -> Made:
    """The place of the column first, the number last; each column gives at most `limit`."""
    pieces: list[str] = []
    values: list[Any] = []
    for place, each in enumerate(ids):
        # Of a team one sees all or one's own: the other parts of what one sees are not looked through.
        where = replace(chosen, team_id=each) if by == "team" and each else chosen
        sql, given = merged(branches(viewer, where, _within(asked, by, each), way, []), way, limit)
        if sql:
            pieces.append(f"SELECT {place:d} AS place, pile{place:d}.* FROM ({sql}) AS pile{place:d}")  # noqa: S608 (compiled querysets)
            values += given
    sorting = ", ".join(
        f"{place} {'DESC' if column.startswith('-') else 'ASC'}"
        for place, column in enumerate(way.columns, 2)
    )
    union = " UNION ALL ".join(pieces)
    return (f"SELECT * FROM ({union}) AS piles ORDER BY 1, {sorting}" if pieces else ""), values  # noqa: S608 (the same)


def _within(asked: Query, by: str, each: int | None) -> Query:
    """The filter, and that the ticket stands in this column."""
    if by == "status":
        status = reference.statuses.get(each)
        # With the rank, so that the list's own index leads there.
        rank = Q(rank=RANKS[Phase(status.phase)]) if status else Q()
        return replace(asked, q=asked.q & rank & Q(status_id=each), says_status=True)
    return replace(asked, q=asked.q & Q(**{f"{by}_id": each} if each else {f"{by}__isnull": True}))


def _numbers(made: Made) -> dict[int, list[int]]:
    """The numbers of each column, in their order."""
    found: dict[int, list[int]] = defaultdict(list)
    sql, values = made
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            for row in cursor.fetchall():
                found[row[0]].append(row[-1])
    return found
