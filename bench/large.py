#!/usr/bin/env python
"""The largest cases on a seeded desk, each page timed and its questions to the database counted.

python bench/large.py --data FOLDER [--database URL] [--slow 100] [--questions 30]

The folder is one that bench/seeding.py or `bench/run.py --keep` filled; work with a copy, for what is measured stays in it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

AGAIN = 3


@dataclass
class Figure:
    """One address: how long it took at best, the work of this process in it, and how often it asked the database."""

    what: str
    path: str
    ms: float
    work: float
    questions: int
    bytes: int
    status: int


def main() -> None:
    """Make the cases where they are missing, then visit every page of each."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--data", required=True, help="a seeded data folder, a copy")
    reader.add_argument(
        "--database", default="", help="postgresql://…; SQLite in the data folder when left out"
    )
    reader.add_argument(
        "--slow",
        type=float,
        default=100,
        help="milliseconds (on SQLite of work) above which a page is marked",
    )
    reader.add_argument("--questions", type=int, default=30, help="questions above which a page is marked")
    reader.add_argument("--only", default="", help="cases whose name holds this word")
    given = reader.parse_args()
    _prepare(Path(given.data), given.database)
    from bench.largest import make_cases

    cases = make_cases(Path(given.data) / "large.json")
    visit = _visitor(json.loads((Path(given.data) / "facts.json").read_text())["admin"])
    marked = 0
    for what, paths in _addresses(cases):
        if given.only and given.only not in what:
            continue
        for path, headers in paths:
            figure = visit(what, path, headers)
            is_marked = (
                min(figure.ms, figure.work if not given.database else figure.ms) > given.slow
                or figure.questions > given.questions
                or figure.status >= 400
            )
            marked += is_marked
            _show(figure, is_marked)
    print(f"\n{marked} marked: slower than {given.slow:.0f} ms, or more than {given.questions} questions")


def _prepare(data: Path, database: str) -> None:
    os.environ |= {"ZAGUAN_DATA": str(data), "DATABASE_URL": database, "DEMO": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "zaguan.config.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _visitor(email: str) -> Callable[[str, str, dict[str, str]], Figure]:
    """Somebody signed in, who opens an address several times."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zaguan.people.models import Agent
    from zaguan.people.tokens import create_token

    agent = Agent.objects.get(email=email)
    client = Client()
    client.force_login(agent)
    token = {"Authorization": f"Bearer {create_token(agent, 'bench', by=agent)}"}

    def visit(what: str, path: str, headers: dict[str, str]) -> Figure:
        sent = headers | (token if path.startswith("/api/") else {})
        best, work, answer = 1e9, 1e9, None
        for _time in range(AGAIN):
            start, busy = time.perf_counter(), time.process_time()
            answer = client.get(path, headers=sent)
            content = _whole(answer)
            best, work = min(best, time.perf_counter() - start), min(work, time.process_time() - busy)
        with CaptureQueriesContext(connection) as asked:
            _whole(client.get(path, headers=sent))
        assert answer is not None
        return Figure(what, path, best * 1000, work * 1000, len(asked), len(content), answer.status_code)

    return visit


def _whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _addresses(cases: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Each case with every page, tab, dialog and call that there is for it."""
    from zaguan.desk.ticket import urls  # noqa: F401 (brings every tab and dialog)
    from zaguan.desk.ticket.options_menu import all_options
    from zaguan.desk.ticket.tab_register import _tabs

    dialog = {"HX-Request": "true", "HX-Target": "action-dialog"}
    for what, number in cases["tickets"].items():
        desk, api = f"/desk/tickets/{number}/", f"/api/v1/tickets/{number}"
        paths: list[tuple[str, dict[str, str]]] = [(desk, {}), (f"{desk}tabs/", {})]
        paths += [(f"{desk}?tab={key}", {}) for key in _tabs]
        paths += [(f"{desk}{option.path}", dialog) for option in all_options() if "?" not in option.path]
        paths += [
            (f"{desk}{path}", {})
            for path in ("previous/", "files/", "recipients/", "links/offered/?q=pedido")
        ]
        parts = (
            "",
            "/messages",
            "/events",
            "/links",
            "/children",
            "/flow",
            "/timeline",
            "/merges",
            "/macros",
        )
        paths += [(f"{api}{part}", {}) for part in parts]
        yield what, paths
    yield "update", [(path, {}) for path in cases["update"]]
    yield "people", [(path, {}) for path in cases["people"]]
    yield "lists", [(path, {}) for path in cases["lists"]]


def _show(figure: Figure, is_marked: bool) -> None:
    mark = "!" if is_marked else " "
    print(
        f"{mark} {figure.what:<10} {figure.ms:8.1f} ms {figure.work:8.1f} busy {figure.questions:4} questions {figure.bytes // 1024:6} KB"
        f" {figure.status} {figure.path}",
        flush=True,
    )


if __name__ == "__main__":
    main()
