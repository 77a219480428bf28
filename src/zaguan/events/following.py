"""Follow the event table without missing a row, whatever order its transactions commit in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from zaguan.events.models import EventRecord


@dataclass(frozen=True, slots=True)
class News:
    """One event row, as far as a follower needs it."""

    id: int
    tx: int
    kind: str
    ticket_id: int | None
    data: dict[str, Any]


class Follower:
    """Hands out each committed row once. `position` says where to go on, also for another process.

    Ids are not commit order on PostgreSQL: a slow transaction can commit a smaller id after a larger one was seen.
    So we remember the oldest transaction that was still running ("horizon"), read everything from there again, and
    leave out what was handed out already. SQLite has one writer at a time; there, ids are enough.
    """

    def __init__(self, position: int | None = None) -> None:
        self._seen: dict[int, int] = {}
        self.position = here() if position is None else position

    def news(self, limit: int = 500) -> list[News]:
        """What was committed since, at most `limit` rows."""
        if connection.vendor == "postgresql":
            return self._by_transaction(limit)
        rows = _rows(EventRecord.objects.filter(pk__gt=self.position).order_by("pk"), limit)
        if rows:
            self.position = rows[-1].id
        return rows

    def _by_transaction(self, limit: int) -> list[News]:
        # Read first: everything older than the horizon is finished, and visible to the query that follows.
        horizon = _horizon()
        waiting = EventRecord.objects.filter(tx__gt=0, tx__gte=self.position).order_by("tx", "id")
        found = _rows(waiting, limit + len(self._seen))
        fresh = [row for row in found if row.id not in self._seen]
        more = len(found) == limit + len(self._seen)
        self.position = min(horizon, found[-1].tx) if more else max(horizon, self.position)
        self._seen |= {row.id: row.tx for row in fresh}
        self._seen = {id_: tx for id_, tx in self._seen.items() if tx >= self.position}
        return fresh


def here() -> int:
    """The position of somebody who starts to follow now."""
    if connection.vendor == "postgresql":
        return _horizon()
    return EventRecord.objects.aggregate(last=Max("pk"))["last"] or 0


def is_ahead(position: int) -> bool:
    """Whether a position cannot be ours: the database was restored since, or is another one."""
    return position > here()


def recent(seconds: float, limit: int = 50) -> list[News]:
    """The newest rows of the last seconds, for somebody whose page is that old."""
    newest = EventRecord.objects.order_by("-pk").filter(at__gt=timezone.now() - timedelta(seconds=seconds))
    newest_ids = EventRecord.objects.order_by("-pk").values_list("pk", flat=True)[:limit]
    return _rows(newest.filter(pk__in=list(newest_ids)), limit)


def _horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _rows(query: Any, limit: int) -> list[News]:
    return [News(*row) for row in query.values_list("id", "tx", "kind", "ticket_id", "data")[:limit]]
