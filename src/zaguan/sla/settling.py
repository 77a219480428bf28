"""Write what a count says differs from the rows, for one ticket or for a thousand: a few statements, then what is to be told."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter

from zaguan.lib.many_rows import insert_many, update_many
from zaguan.lib.new_rows import new
from zaguan.lib.statements import insert
from zaguan.sla import heading
from zaguan.sla.judging import Work
from zaguan.sla.models import Clock
from zaguan.sla.rows import COLUMNS, COUNTED, IDENTITY, Row, counted_values, is_settled
from zaguan.sla.telling import tell_missed, tell_near
from zaguan.tickets.models import HIDDEN_RANK

# What was told of a clock, once.
NEAR, MISSED = 1, 2
_NEW, _CHANGED = COLUMNS[1:], ("told", *COUNTED)
# What another calendar or another version of the same policy changes: half as much to write, an index less.
_ANEW = tuple(name for name in _CHANGED if name not in ("told", "round", "policy_id", "met_at"))
_SAME = tuple(COLUMNS.index(name) for name in ("told", "round", "policy_id", "met_at"))
_values_anew = itemgetter(*(COLUMNS.index(name) for name in (*_ANEW, "id")))


class Settling:
    """Collects what is to be written; nothing is until `write`. Call both in one transaction, with the tickets locked."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._new: list[Row] = []
        self._changed: list[Row] = []
        self._anew: list[Row] = []
        self._gone: list[int] = []
        self._headings: list[tuple[datetime | None, str | None, str | None, int]] = []
        # Rows of which something is to be said, and whether it is that they were missed.
        self._news: list[tuple[Row, bool]] = []

    def add(self, work: Work) -> None:
        """One ticket: what its count says otherwise than its rows and its own columns."""
        number, kept = work.known.number, []
        rows = {(row.kind, row.started_at): row for row in work.rows}
        for reckoned in work.reckonings(self.now):
            one = reckoned.round
            row = rows.pop((one.kind, one.started_at), None)
            if row is None:
                fresh = Row(0, number, one.kind, one.started_at, 0, *counted_values(reckoned))
                kept.append(self._begin(fresh, is_news=reckoned.is_open))
            elif is_settled(row, reckoned):
                kept.append(row)
            else:
                after = Row._make(row[:IDENTITY] + counted_values(reckoned))
                kept.append(self._change(row, row if row == after else after))
        self._gone += [row.id for row in rows.values()]
        known = work.known
        shown = heading.NOTHING if known.rank >= HIDDEN_RANK else heading.header_of(kept)
        if shown != (known.due_at, known.due_kind, known.sla_state):
            self._headings.append((*shown, number))

    def _begin(self, row: Row, *, is_news: bool) -> Row:
        told = self._told(row, is_news=is_news)
        if told is row:
            self._new.append(row)
        return told

    def _change(self, before: Row, after: Row) -> Row:
        told = self._told(after, is_news=before.is_open)
        if told is not before:
            is_narrow = all(told[place] == before[place] for place in _SAME)
            (self._anew if is_narrow else self._changed).append(told)
        return told

    def _told(self, row: Row, *, is_news: bool) -> Row:
        """The row with what will have been told of it; what ended long ago is no news."""
        fresh = _to_tell(row) if is_news else 0
        if not fresh:
            return row
        row = row._replace(told=row.told | (MISSED | NEAR if fresh == MISSED else NEAR))
        self._news.append((row, fresh == MISSED))
        return row

    def write(self) -> None:
        """Rows first, then the tickets' columns, then what is told: whoever hears of it finds all written."""
        if self._gone:
            Clock.objects.filter(pk__in=self._gone).delete()
        update_many(Clock, _CHANGED, ((*row[IDENTITY - 1 :], row.id) for row in self._changed))
        update_many(Clock, _ANEW, map(_values_anew, self._anew))
        insert_many(Clock, _NEW, (row[1:] for row in self._new))
        news = [(row if row.id else _inserted(row), is_missed) for row, is_missed in self._news]
        heading.write_many(self._headings)
        for row, is_missed in news:
            (tell_missed if is_missed else tell_near)(row)


def settle(work: Work, now: datetime) -> None:
    """The same for one ticket."""
    settling = Settling(now)
    settling.add(work)
    settling.write()


def _to_tell(row: Row) -> int:
    if row.missed_at is not None:
        return 0 if row.told & MISSED else MISSED
    return NEAR if row.is_near and not row.told & NEAR else 0


def _inserted(row: Row) -> Row:
    """Written by itself, because what is told names its id."""
    made = insert(new(Clock, **dict(zip(_NEW, row[1:], strict=True))))
    return row._replace(id=made.pk)
