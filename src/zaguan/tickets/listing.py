"""A page of the inbox list: the same number of queries, along an index, however many tickets there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from zaguan.people.models import Agent
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.models import Ticket, TicketQuerySet
from zaguan.tickets.ordering import Order, order_named, read_cursor, segments, write_cursor
from zaguan.tickets.rows import Row, in_order, read_rows
from zaguan.tickets.selections import Selection, scope, selection_for, where

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
    chosen = selection_for(viewer, view)
    asked = parse(f"{chosen.query} {query}".strip(), viewer)
    way = order_named(order or chosen.order)
    key, size = read_cursor(way, cursor), max(1, min(size, LARGEST))
    rows = _rows(viewer, chosen, asked, way, key, size + 1)
    more = write_cursor(way, rows[size - 1]) if len(rows) > size else ""
    return Page(rows[:size], more, way.name, asked.problems)


def _rows(
    viewer: Agent, chosen: Selection, asked: Query, order: Order, key: list[Any], limit: int
) -> list[Row]:
    parts = branches(viewer, chosen, asked, order, key)
    if len(parts) == 1:
        return read_rows(parts[0][:limit], viewer)
    numbers = _merge(parts, order, limit)
    return in_order(read_rows(Ticket.objects.filter(pk__in=numbers), viewer), numbers)


def branches(
    viewer: Agent, chosen: Selection, asked: Query, order: Order, key: list[Any]
) -> list[TicketQuerySet]:
    """Querysets without overlap that together are the list; each follows one index from where it starts."""
    condition = where(chosen, says_status=asked.says_status) & asked.q & order.within
    if chosen.narrow or asked.narrow:
        base, parts = Ticket.objects.visible_to(viewer).filter(condition), [Q()]
        # Few rows: one sort is cheaper than parts.
        later = segments(order, key)
        together = later[0]
        for segment in later[1:]:
            together |= segment
        return [base.filter(together).order_by(*order.columns)]
    base, parts = Ticket.objects.filter(condition), scope(viewer, chosen)
    return [
        base.filter(part, segment).order_by(*order.columns)
        for part in parts
        for segment in segments(order, key)
    ]


def _merge(parts: list[TicketQuerySet], order: Order, limit: int) -> list[int]:
    """The first numbers over all parts: each gives at most `limit`, the database merges them."""
    pieces: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            sql, given = part.values_list(*order.names)[:limit].query.sql_with_params()
        except EmptyResultSet:
            continue
        pieces.append(f"SELECT * FROM ({sql}) AS part{len(pieces)}")  # noqa: S608 (both come from compiled querysets)
        values += given
    if not pieces:
        return []
    sorting = ", ".join(
        f"{place} {'DESC' if column.startswith('-') else 'ASC'}"
        for place, column in enumerate(order.columns, 1)
    )
    union = " UNION ALL ".join(pieces)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({union}) AS merged ORDER BY {sorting} LIMIT {int(limit)}", values)  # noqa: S608
        return [row[-1] for row in cursor.fetchall()]
