"""What the bare database needs for the rows of a page, in the same run: the floor under every figure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPEAT = 50


def bare_times(data: Path, url: str, facts: dict[str, Any]) -> dict[str, float]:
    """Milliseconds by name; measured in a process of its own, since Django is set up once per process."""
    command = [sys.executable, str(Path(__file__)), str(data), url, json.dumps(facts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _inside(data: str, url: str, facts: dict[str, Any]) -> dict[str, float]:
    sys.path[:0] = [str(ROOT)]
    from bench.seeding import prepare

    prepare(Path(data), url)
    import time

    from django.db import connection

    statements = {
        "inbox": "SELECT * FROM tickets_ticket WHERE rank < 3 ORDER BY rank, active_at DESC, id DESC LIMIT 51",
        "ticket": f"SELECT * FROM conversations_message WHERE ticket_id = {facts['tickets'] // 2} ORDER BY id",
        "ticket_100": f"SELECT * FROM conversations_message WHERE ticket_id = {facts['long_ticket']} ORDER BY id",
    }
    for name in ("rare", "common"):
        statements[f"search_{name}"] = _search(connection.vendor, facts[name])
    times = {}
    with connection.cursor() as cursor:
        for name, sql in statements.items():
            cursor.execute(sql)
            began = time.perf_counter()
            for _ in range(REPEAT):
                cursor.execute(sql)
                cursor.fetchall()
            times[name] = (time.perf_counter() - began) / REPEAT * 1000
    return times


def _search(vendor: str, word: str) -> str:
    if vendor == "postgresql":
        return f"SELECT id, ticket_id FROM search_document WHERE vector @@ '{word}'::tsquery ORDER BY id DESC LIMIT 51"
    return f"SELECT rowid FROM search_words WHERE search_words MATCH '{word}' ORDER BY rowid DESC LIMIT 51"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_inside(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))
