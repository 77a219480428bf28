#!/usr/bin/env python
"""Fill an empty database with a desk of any size: python bench/seeding.py --tickets 100000 --data FOLDER [--database URL]."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "patio-con-limonero"
STEP = 5000


def main() -> None:
    """Read the arguments, prepare Django for that database, and fill it."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--tickets", type=int, default=10_000)
    reader.add_argument("--data", required=True, help="the data folder; facts.json in it says what was made")
    reader.add_argument(
        "--database", default="", help="postgresql://…; SQLite in the data folder when left out"
    )
    given = reader.parse_args()
    prepare(Path(given.data), given.database)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    facts = seed(given.tickets)
    (Path(given.data) / "facts.json").write_text(json.dumps(facts, indent=1))
    print(json.dumps(facts))


def prepare(data: Path, database: str) -> None:
    """Point the settings at a folder and a database."""
    os.environ |= {"ZAGUAN_DATA": str(data), "DATABASE_URL": database, "DEMO": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "zaguan.config.settings"
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    import django

    django.setup()


def seed(tickets: int) -> dict[str, Any]:
    """Fill the database; returns what there is to look for. Takes an empty, migrated one."""
    from bench import spanish
    from bench.bulk import IS_POSTGRES, open_gates
    from bench.people import make_desk
    from bench.tickets import LONG, MODELS, TABLES, Maker
    from django.db import transaction

    started = time.monotonic()
    writer = spanish.Writer()
    desk = make_desk(writer, contacts=max(100, tickets // 5))
    open_ones = max(min(500, tickets // 2), tickets * 15 // 1000)
    recent = max(1, tickets - 3 * open_ones)
    older = writer.random.sample(range(1, recent + 1), min(open_ones // 10, recent))
    unfinished = {*writer.random.sample(range(recent, tickets + 1), open_ones - len(older)), *older}
    rare = set(writer.random.sample(range(1, tickets + 1), min(20, tickets)))
    maker = Maker(desk, writer, tickets, unfinished, rare, long=max(unfinished))
    document = 0
    with open_gates(MODELS):
        for first in range(1, tickets + 1, STEP):
            for number in range(first, min(first + STEP, tickets + 1)):
                maker.make(number)
            with transaction.atomic():
                for name, table in TABLES.items():
                    table.put(maker.rows[name])
                document = _documents(maker.documents, document)
            maker.rows.clear()
            maker.documents.clear()
            show(min(first + STEP - 1, tickets), tickets, started)
        print()
    _finish(maker.vocabulary | writer.vocabulary())
    return {
        "tickets": tickets, "messages": maker.message_id, "long_ticket": maker.long, "long_messages": LONG,
        "common": spanish.COMMON, "middle": spanish.MIDDLE, "seldom": spanish.SELDOM, "rare": spanish.RARE,
        "database": "PostgreSQL" if IS_POSTGRES else "SQLite", "admin": "bo@zaguan.example", "agent": "agent1@zaguan.example",
        "password": PASSWORD, "inbox": "team1@zaguan.example", "seconds": round(time.monotonic() - started),
    }  # fmt: skip


def _documents(rows: list[tuple[Any, ...]], last: int) -> int:
    from bench.bulk import IS_POSTGRES
    from django.db import connection

    numbered = [(last + place, *row) for place, row in enumerate(rows, 1)]
    if IS_POSTGRES:
        columns = "id, ticket_id, message_id, kind, vector"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY search_document ({columns}) FROM STDIN") as copy,
        ):
            copy.write("".join(f"{i}\t{t}\t{m or chr(92) + 'N'}\t{k}\t{v}\n" for i, t, m, k, v in numbered))
    else:
        plain = connection.connection
        plain.executemany(
            "INSERT INTO search_document (id, ticket_id, message_id, kind) VALUES (?, ?, ?, ?)",
            [r[:4] for r in numbered],
        )
        plain.executemany(
            "INSERT INTO search_words (rowid, text) VALUES (?, ?)", [(r[0], r[4]) for r in numbered]
        )
    return last + len(rows)


def _finish(vocabulary: set[str]) -> None:
    from bench.bulk import IS_POSTGRES
    from django.db import connection, transaction

    from zaguan.search.models import Word

    if not IS_POSTGRES:
        table = Word._meta.db_table
        with transaction.atomic():
            rows = ((word[:40],) for word in sorted(vocabulary))
            connection.connection.executemany(f"INSERT OR IGNORE INTO {table} (text) VALUES (?)", rows)
    with connection.cursor() as cursor:
        # SQLite goes without statistics, as in an installation, where nobody gathers any.
        cursor.execute("VACUUM ANALYZE" if IS_POSTGRES else "PRAGMA wal_checkpoint(TRUNCATE)")


def show(done: int, total: int, started: float) -> None:
    """A bar that fills."""
    spent = time.monotonic() - started
    left = spent / done * (total - done)
    bar = "█" * (30 * done // total)
    print(
        f"\r  {bar:30} {done:,} of {total:,} tickets, {spent:.0f} s, about {left:.0f} s left ",
        end="",
        flush=True,
    )


if __name__ == "__main__":
    main()
