"""Full text on PostgreSQL: a vector in each document's row, made here so that both databases find the same."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from zaguan.search.clauses import LONGEST_WORD, Clause, Hit, Look

CREATE = [
    "ALTER TABLE search_document ADD COLUMN vector tsvector",
    "CREATE INDEX search_document_vector ON search_document USING gin (vector) WITH (fastupdate = on)",
]
DROP = [
    "DROP INDEX IF EXISTS search_document_vector",
    "ALTER TABLE search_document DROP COLUMN IF EXISTS vector",
]
# Limits of the type: the last place that can be told apart, and places kept per word.
LAST_PLACE, MOST_PLACES = 16383, 255
# Reading backwards: documents in the first step, which grows by threes, and seconds after which a page ends early.
FIRST_STEP, LONGEST_WALK = 10_000, 0.3
# How common words are, as the database last estimated it.
MOST_ESTIMATES = 20_000
_estimates: dict[str, tuple[float, int]] = {}
_WORD = re.compile(r"'[^']+'(?::\*)?")


def put(ticket_id: int, message_id: int | None, kind: int, words: list[str]) -> int:
    """Store one document with its words; returns its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (ticket_id, message_id, kind, vector)"
            " VALUES (%s, %s, %s, %s::tsvector) RETURNING id",
            [ticket_id, message_id, kind, vector_of(words)],
        )
        return int(cursor.fetchone()[0])


def vector_of(words: Iterable[str]) -> str:
    """Words with their places, as the type is written. Words are letters and digits only: nothing needs escaping."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        own = places.setdefault(word[:LONGEST_WORD], [])
        if len(own) < MOST_PLACES and place <= LAST_PLACE:
            own.append(str(place))
    return " ".join(f"'{word}':{','.join(own)}" if own else f"'{word}'" for word, own in places.items())


def expression(clauses: Sequence[Clause]) -> str:
    """The clauses as a tsquery; "" when nothing is wanted."""
    if all(clause.negated for clause in clauses):
        return ""
    return " & ".join(("!" if clause.negated else "") + _phrase(clause) for clause in clauses)


def hits(wanted: str, *, before: int | None, limit: int) -> Look:
    """The newest documents that match, older than `before`.

    Words that few documents have are looked up in the index and sorted; for common ones the newest documents are
    read one after the other, since the next match is never far. The planner cannot tell for words side by side.
    """
    start = before if before is not None else _last_id() + 1
    if is_rare(wanted, limit, start):
        rows = _ask(_SORTED, [wanted, start, limit])
        return rows, (rows[-1][0] if len(rows) == limit else None)
    return _walk(wanted, start, limit)


_MATCHING = "SELECT id, ticket_id, message_id FROM search_document WHERE vector @@ %s::tsquery"
# The offset keeps the planner from walking along the ids.
_SORTED = f"SELECT * FROM ({_MATCHING} AND id < %s OFFSET 0) AS found ORDER BY id DESC LIMIT %s"  # noqa: S608 (fixed)


def _walk(wanted: str, start: int, limit: int) -> Look:
    found: list[Hit] = []
    step, until = FIRST_STEP, time.monotonic() + LONGEST_WALK
    while start > 0 and len(found) < limit:
        low = start - step
        found += _ask(
            f"{_MATCHING} AND id >= %s AND id < %s ORDER BY id DESC LIMIT %s",
            [wanted, low, start, limit - len(found)],
        )
        start, step = low, step * 3
        if time.monotonic() > until and start > 0:
            return found, (found[-1][0] if len(found) == limit else start)
    return found, (found[-1][0] if len(found) == limit else None)


def is_rare(wanted: str, limit: int, documents: int) -> bool:
    """Whether to look up all documents of the rarest word rather than read on until `limit` of them came by."""
    wanted_parts = [part for part in wanted.split(" & ") if not part.startswith("!")]
    fewest = min(_estimate(word) for part in wanted_parts for word in _WORD.findall(part))
    return fewest**2 < limit * documents


def _estimate(word: str) -> int:
    """How many documents the database's statistics expect to have a word; remembered for a minute."""
    until, number = _estimates.get(word, (0.0, 0))
    if time.monotonic() > until:
        plan = _ask("EXPLAIN (FORMAT JSON) SELECT 1 FROM search_document WHERE vector @@ %s::tsquery", [word])
        number = int(plan[0][0][0]["Plan"]["Plan Rows"])
        if len(_estimates) > MOST_ESTIMATES:
            _estimates.clear()
        _estimates[word] = (time.monotonic() + 60, number)
    return number


def _last_id() -> int:
    return int(_ask("SELECT coalesce(max(id), 0) FROM search_document", [])[0][0])


def _ask(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def hits_among(wanted: str, documents: Iterable[int]) -> set[int]:
    """Which of these documents match."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM search_document WHERE id = ANY(%s) AND vector @@ %s::tsquery",
            [list(documents), wanted],
        )
        return {row[0] for row in cursor.fetchall()}


def _phrase(clause: Clause) -> str:
    end = ":*" if clause.begins else ""
    return "(" + " <-> ".join(f"'{word}'" for word in clause.words) + end + ")"


def remove(documents: Sequence[int]) -> None:
    """Nothing to do: the words go with the row."""


def empty() -> None:
    """Nothing to do: the words went with the rows."""
