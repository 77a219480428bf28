"""The numbers beside the views: counted along an index up to a thousand, all in one query."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Value

from zaguan.people.models import Agent
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.models import Ticket, TicketQuerySet, View
from zaguan.tickets.ordering import UNFINISHED
from zaguan.tickets.selections import UnknownView, scope, selection_for, where

# Beyond this the desk shows "1000+".
CAP = 1000
USUAL = ("mine", "unassigned", "mentions", "all", "important", "snoozed")


def counts(viewer: Agent, *, views: list[str] | None = None) -> dict[str, int]:
    """How many unfinished tickets are in each view, at most CAP; views that cannot be counted quickly are left out.

    "mentions" counts those not yet read. Without `views`: the usual ones, the viewer's
    teams and their saved views.
    """
    keys = views if views is not None else [*USUAL, *_teams(viewer), *_saved(viewer)]
    pieces: list[str] = []
    values: list[Any] = []
    found: dict[str, int] = {}
    for key in keys:
        parts = _countable(viewer, key)
        if parts is None:
            continue
        found[key] = 0
        for part in parts:
            try:
                sql, given = part.order_by().values_list(Value(1))[:CAP].query.sql_with_params()
            except EmptyResultSet:
                continue
            # A number for the view: what it is called needs no parameter then.
            pieces.append(f"SELECT {len(found) - 1}, COUNT(*) FROM ({sql}) AS part{len(pieces)}")  # noqa: S608
            values += given
    names = list(found)
    for place, number in _run(pieces, values):
        found[names[place]] = min(found[names[place]] + number, CAP)
    return found


def _run(pieces: list[str], values: list[Any]) -> list[tuple[int, int]]:
    if not pieces:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(pieces), values)
        return list(cursor.fetchall())


def _teams(viewer: Agent) -> list[str]:
    return [f"team:{team}" for team in sorted(viewer.team_ids())]


def _saved(viewer: Agent) -> list[str]:
    return [f"saved:{view}" for view in View.objects.visible_to(viewer).values_list("pk", flat=True)]


def _countable(viewer: Agent, key: str) -> list[TicketQuerySet] | None:
    """The parts to count, or None for a view whose count would walk through too many tickets."""
    try:
        chosen = selection_for(viewer, "open" if key == "all" else key)
    except UnknownView:
        return None
    asked = parse(chosen.query, viewer) if chosen.query else Query()
    condition = where(chosen, says_status=asked.says_status) & asked.q & chosen.counted
    if chosen.query:
        if asked.tokens or asked.walks:
            return None
        # What a number beside a view means: this much is still to do.
        condition &= UNFINISHED
    if chosen.narrow or asked.narrow:
        return [Ticket.objects.visible_to(viewer).filter(condition)]
    return [Ticket.objects.filter(condition, part) for part in scope(viewer, chosen)]
