"""A view as lines of a table, however long: page after page along the list's index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone, translation

from zaguan.events.recording import record
from zaguan.people.models import Agent
from zaguan.tickets.columns import Column, Value, lines_of
from zaguan.tickets.events import TicketsExported
from zaguan.tickets.listing import LARGEST, page


def export(
    viewer: Agent, columns: Sequence[Column], *, view: str, query: str = "", order: str = ""
) -> Iterator[list[Value]]:
    """The values of each ticket of a view that the viewer may know of; that it was taken out is recorded.

    Raises UnknownView for a view that is not there, before the first line.
    """
    first = page(viewer, view=view, query=query, order=order, size=LARGEST)
    with transaction.atomic():
        names = [column.name for column in columns]
        record(TicketsExported(view=view, query=query, columns=names), by=viewer)

    # A long answer is written while it leaves, when the request's language and zone are no longer there.
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def lines() -> Iterator[list[Value]]:
        found = first
        while True:
            with translation.override(language), timezone.override(zone):
                told = list(lines_of(found.rows, columns))
            yield from told
            if not found.next_cursor:
                return
            found = page(viewer, view=view, query=query, order=order, cursor=found.next_cursor, size=LARGEST)

    return lines()
