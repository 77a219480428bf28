"""Full text on PostgreSQL: a vector in each document's row, made here so that both databases find the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from zaguan.search.clauses import LONGEST_WORD, Clause, Hit

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


def hits(wanted: str, *, before: int | None, limit: int) -> list[Hit]:
    """The newest documents that match, older than `before`."""
    sql = (
        "SELECT id, ticket_id, message_id FROM search_document WHERE vector @@ %s::tsquery AND id < %s"
        " ORDER BY id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted, before if before is not None else 2**62, limit])
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
