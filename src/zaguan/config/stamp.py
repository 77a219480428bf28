"""What the last start left behind, so that the next one is quick: which code, which migrations, how to sign in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zaguan.config.facts import Facts

PACKAGE = Path(__file__).resolve().parents[1]


def up_to_date(facts: Facts) -> bool:
    """Whether the database already holds every migration of this code."""
    try:
        stamp = json.loads((facts.data / "prepared.json").read_text())
    except (OSError, ValueError):
        return False
    if stamp.get("code") != fingerprint():
        return False
    wanted = {tuple(row) for row in stamp["migrations"]}
    return wanted == applied(facts, wanted)


def fingerprint() -> str:
    """Changes when migrations or installed packages do."""
    names = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.glob("**/migrations/0*.py"))
    installed = Path(sysconfig.get_paths()["purelib"]).stat().st_mtime_ns
    return hashlib.sha256(f"{names}{installed}".encode()).hexdigest()


def applied(facts: Facts, wanted: set[Any]) -> set[Any]:
    """Those of `wanted` that the database says it has."""
    query = "SELECT app, name FROM django_migrations"
    try:
        with _rows(facts, query) as rows:
            return {tuple(row) for row in rows} & wanted
    except Unreadable:
        return set()


class Unreadable(Exception):  # noqa: N818
    """No database yet, or not reachable: the long way will say why."""


@contextlib.contextmanager
def _rows(facts: Facts, query: str) -> Iterator[list[Any]]:
    if facts.database_url.startswith("postgres"):
        import psycopg

        try:
            with psycopg.connect(facts.database_url, connect_timeout=5) as link:
                yield link.execute(query.encode()).fetchall()
        except psycopg.Error as error:
            raise Unreadable from error
        return
    path = facts.database_url.removeprefix("sqlite://") or str(facts.data / "zaguan.sqlite3")
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as link:
            yield link.execute(query).fetchall()
    except sqlite3.Error as error:
        raise Unreadable from error


def write_stamp(facts: Facts, migrations: list[tuple[str, str]], welcome: dict[str, Any]) -> None:
    """Remember what is done, for the next start."""
    path = facts.data / "prepared.json"
    text = json.dumps({"code": fingerprint(), "migrations": migrations, "welcome": welcome}, indent=1)
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)
