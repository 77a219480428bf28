"""Full text on SQLite: FTS5 without content; a document's words are under its id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from zaguan.search.clauses import LONGEST_WORD, Clause, Look

# Each mail is a transaction and adds a piece to the index. Merging them four at a time, as FTS5 does by itself,
# rewrites much: 1.2 ms a mail and now and then 100 in a large index, against 0.15 and 8 so.
TUNE = [
    "INSERT INTO search_words (search_words, rank) VALUES ('automerge', 16)",
    "INSERT INTO search_words (search_words, rank) VALUES ('crisismerge', 64)",
]
CREATE = [
    # The words come folded, so that the tokenizer has nothing left to do; no sizes, since nothing is ranked.
    """CREATE VIRTUAL TABLE search_words USING fts5(
        text, content='', columnsize=0, tokenize="unicode61 remove_diacritics 0"
    )""",
    *TUNE,
]
DROP = ["DROP TABLE IF EXISTS search_words"]
# How many ends of a half-typed word are tried, the shortest first, out of how many that are looked at.
ENDS, LOOKED_AT = 24, 3000
# Words known to be stored already; only a speed-up, so it may be emptied at any time.
_known: set[str] = set()
_MOST_KNOWN = 30_000


def put(ticket_id: int, message_id: int | None, kind: int, words: list[str]) -> int:
    """Store one document with its words; returns its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (ticket_id, message_id, kind) VALUES (%s, %s, %s)",
            [ticket_id, message_id, kind],
        )
        number = int(cursor.lastrowid)
        cursor.execute("INSERT INTO search_words (rowid, text) VALUES (%s, %s)", [number, " ".join(words)])
    _remember(words)
    return number


def _remember(words: list[str]) -> None:
    fresh = {word[:LONGEST_WORD] for word in words} - _known
    if not fresh:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR IGNORE INTO search_word (text) VALUES (%s)", [(word,) for word in fresh]
        )
    transaction.on_commit(lambda: _learn(fresh))


def _learn(words: set[str]) -> None:
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    _known.update(words)


def expression(clauses: Sequence[Clause]) -> str:
    """The clauses in FTS5's own language; "" when nothing is wanted."""
    wanted = [_clause(clause) for clause in clauses if not clause.negated]
    if not wanted:
        return ""
    unwanted = "".join(f" NOT {_clause(clause)}" for clause in clauses if clause.negated)
    return f"({' AND '.join(wanted)}){unwanted}"


def hits(wanted: str, *, before: int | None, limit: int) -> Look:
    """The newest documents that match, older than `before`."""
    # The cross join keeps the planner from walking through all documents and asking each one.
    sql = (
        "SELECT d.id, d.ticket_id, d.message_id FROM search_words w CROSS JOIN search_document d ON d.id = w.rowid"
        " WHERE w.search_words MATCH %s AND w.rowid < %s ORDER BY w.rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted, before if before is not None else 2**62, limit])
        rows = list(cursor.fetchall())
    return rows, (rows[-1][0] if len(rows) == limit else None)


def hits_among(wanted: str, documents: Iterable[int]) -> set[int]:
    """Which of these documents match."""
    numbers = sorted(documents)
    found: set[int] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            marks = ", ".join(["%s"] * len(some))
            sql = f"SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid IN ({marks})"  # noqa: S608
            cursor.execute(sql, [wanted, *some])
            found.update(row[0] for row in cursor.fetchall())
    return found


def _clause(clause: Clause) -> str:
    if not clause.begins:
        return _phrase(clause.words)
    *first, last = clause.words
    return "(" + " OR ".join(_phrase((*first, end)) for end in ends_of(last)) + ")"


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words) + '"'


def ends_of(beginning: str) -> list[str]:
    """The shortest stored words that begin so, and the beginning itself."""
    sql = "SELECT text FROM search_word WHERE text > %s AND text < %s ORDER BY text LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [beginning, beginning + "\U0010ffff", LOOKED_AT])
        ends = sorted((row[0] for row in cursor.fetchall()), key=lambda word: (len(word), word))
    return [beginning, *ends[:ENDS]]


def remove(documents: Sequence[int]) -> None:
    """Nothing to do: without its row a document is not found; `reindex` sweeps up the words."""


def empty() -> None:
    """Forget every word."""
    _known.clear()
    with connection.cursor() as cursor:
        for sql in (*DROP, *CREATE, "DELETE FROM search_word"):
            cursor.execute(sql)
