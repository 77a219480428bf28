"""The numbers beside the views: counted along an index up to a thousand, all in one query."""

from __future__ import annotations

import time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Value

from zaguan.people.models import Agent
from zaguan.people.reference import LIFETIME
from zaguan.tickets import reference
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.models import Ticket, TicketQuerySet, View
from zaguan.tickets.ordering import UNFINISHED
from zaguan.tickets.selections import Selection, UnknownView, scope, selection_for, unindexed, where
from zaguan.tickets.shapes import Made, Shaped, shape_of

# Beyond this the desk shows "1000+".
CAP = 1000
USUAL = ("mine", "unassigned", "mentions", "following", "all", "important", "snoozed")
# Saved views of each agent: what their filters mean, kept as long as the names in them.
_saved_made: dict[tuple[Any, ...], tuple[float, Made | None]] = {}
_MOST_SAVED = 2000


def counts(viewer: Agent, *, views: list[str] | None = None) -> dict[str, int]:
    """How many unfinished tickets are in each view, at most CAP; views that cannot be counted quickly are left out.

    "mentions" counts those not yet read. Without `views`: the usual ones, the viewer's teams and their saved views.
    """
    keys = views if views is not None else [*USUAL, *_teams(viewer), *_saved(viewer)]
    made = {key: _made(viewer, key) for key in keys}
    found = dict.fromkeys((key for key, piece in made.items() if piece is not None), 0)
    names = list(found)
    pieces: list[str] = []
    values: list[Any] = []
    for place, key in enumerate(names):
        sql, given = made[key] or ("", ())
        if sql:
            # A number stands for the view, so that its name needs no parameter.
            pieces.append(f"SELECT {place}, COUNT(*) FROM ({sql}) AS view{place}")  # noqa: S608 (compiled querysets)
            values += given
    for place, number in _run(pieces, values):
        found[names[place]] = min(number, CAP)
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
    return [f"saved:{view.pk}" for view in reference.views.all().values() if view.is_visible_to(viewer)]


def _made(viewer: Agent, key: str) -> Made | None:
    """The SQL that gives one row for each ticket to count, or None for what would walk through too many."""
    name, _colon, argument = key.partition(":")
    try:
        if name == "saved":
            return _made_saved(viewer, reference.views.get(int(argument)))
        return _steady(viewer, name, argument=int(argument) if argument else None)
    except (UnknownView, ValueError):
        return None


def _make_steady(viewer: Agent, name: str, argument: int | None = None) -> Made:
    name = "open" if name == "all" else name
    chosen = selection_for(viewer, name if argument is None else f"{name}:{argument}")
    return _together(_parts(viewer, chosen, Query()))


_steady = Shaped(_make_steady)


def _made_saved(viewer: Agent, view: View | None) -> Made | None:
    if view is None or not view.is_visible_to(viewer):
        return None
    signature = (connection.vendor, viewer.pk, shape_of(viewer), frozenset(viewer.team_ids()), view.query)
    until, made = _saved_made.get(signature, (0.0, None))
    if time.monotonic() > until:
        asked = parse(view.query, viewer, with_words=False)
        quick = not asked.tokens and not asked.walks
        # What a number beside a view means: this much is still to do.
        chosen = Selection(where=UNFINISHED, unfinished=False)
        made = _together(_parts(viewer, chosen, asked)) if quick else None
        if len(_saved_made) > _MOST_SAVED:
            _saved_made.clear()
        _saved_made[signature] = (time.monotonic() + LIFETIME, made)
    return made


def _parts(viewer: Agent, chosen: Selection, asked: Query) -> list[TicketQuerySet]:
    condition = where(chosen, says_status=asked.says_status) & asked.q & chosen.counted
    parts = scope(viewer, chosen)
    if parts and (chosen.narrow or asked.narrow):
        return [Ticket.objects.filter(condition, unindexed(parts))]
    return [Ticket.objects.filter(condition, part) for part in parts]


def _together(parts: list[TicketQuerySet]) -> Made:
    pieces: list[str] = []
    values: list[Any] = []
    for place, part in enumerate(parts):
        try:
            sql, given = part.order_by().values_list(Value(1))[:CAP].query.sql_with_params()
        except EmptyResultSet:
            continue
        pieces.append(f"SELECT * FROM ({sql}) AS part{place}")  # noqa: S608 (compiled querysets)
        values += given
    return " UNION ALL ".join(pieces), values
