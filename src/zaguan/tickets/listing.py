"""A page of the inbox list: the same number of queries, along an index, however many tickets there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from zaguan.people.models import Agent
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.models import Ticket, TicketQuerySet
from zaguan.tickets.ordering import Order, order_named, read_cursor, segments, write_cursor
from zaguan.tickets.rows import Row, rows_by_number
from zaguan.tickets.selections import Selection, scope, selection_for, unindexed, where
from zaguan.tickets.shapes import Made, Shaped

LARGEST = 200


@dataclass(frozen=True)
class Page:
    """Some rows, where the next ones start ("" at the end), and what could not be understood of the filter."""

    rows: list[Row]
    next_cursor: str = ""
    order: str = "active"
    problems: list[str] = field(default_factory=list)


def page(
    viewer: Agent, *, view: str = "all", query: str = "", order: str = "", cursor: str = "", size: int = 50
) -> Page:
    """One page of a view, narrowed by a filter; `order` is the view's own when empty.

    Raises UnknownView for a view that is not there for the viewer, Refused for a foreign cursor.
    """
    size = max(1, min(size, LARGEST))
    chosen = selection_for(viewer, view)
    way = order_named(order or chosen.order)
    key = read_cursor(way, cursor)
    text = f"{chosen.query} {query}".strip()
    if text or key or not chosen.steady:
        asked = parse(text, viewer)
        made = merged(branches(viewer, chosen, asked, way, key), way, size + 1)
        problems = asked.problems
    else:
        name, _colon, argument = view.partition(":")
        made = _steady(viewer, name, way.name, size + 1, argument=int(argument) if argument else None)
        problems = []
    numbers = _numbers(made)
    rows = rows_by_number(numbers[:size], viewer)
    more = write_cursor(way, rows[-1]) if rows and len(numbers) > size else ""
    return Page(rows, more, way.name, problems)


def _make_steady(viewer: Agent, name: str, order: str, limit: int, argument: int | None = None) -> Made:
    chosen = selection_for(viewer, name if argument is None else f"{name}:{argument}")
    way = order_named(order)
    return merged(branches(viewer, chosen, Query(), way, []), way, limit)


_steady = Shaped(_make_steady)


def branches(
    viewer: Agent, chosen: Selection, asked: Query, order: Order, key: list[Any]
) -> list[TicketQuerySet]:
    """Querysets without overlap that together are the list; each follows one index from where it starts."""
    condition = where(chosen, says_status=asked.says_status) & asked.q & order.within
    parts, later = scope(viewer, chosen), segments(order, key)
    if not parts:
        return []
    if chosen.narrow or asked.narrow:
        # Few rows: sort what the condition finds.
        tickets = Ticket.objects.filter(condition, reduce(or_, later), unindexed(parts))
        return [tickets.order_by(*order.unindexed)]
    base = Ticket.objects.filter(condition)
    return [base.filter(part, segment).order_by(*order.columns) for part in parts for segment in later]


def merged(parts: list[TicketQuerySet], order: Order, limit: int) -> Made:
    """The first rows over all parts, the number last: each part gives at most `limit`, the database merges them."""
    pieces: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            sql, given = part.values_list(*order.names)[:limit].query.sql_with_params()
        except EmptyResultSet:
            continue
        pieces.append(sql)
        values += given
    if len(pieces) < 2:
        return "".join(pieces), values
    sorting = ", ".join(
        f"{place} {'DESC' if column.startswith('-') else 'ASC'}"
        for place, column in enumerate(order.columns, 1)
    )
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{place}" for place, sql in enumerate(pieces))  # noqa: S608 (compiled querysets)
    return f"SELECT * FROM ({union}) AS merged ORDER BY {sorting} LIMIT {limit:d}", values  # noqa: S608 (the same)


def _numbers(made: Made) -> list[int]:
    sql, values = made
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[-1] for row in cursor.fetchall()]
