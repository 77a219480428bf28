"""SQL that is made already, straight to the database: one call where a cursor of the ORM takes thirty."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from sqlite3 import Error as SQLiteError
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


class _Here(threading.local):
    link: Any = None


_here = _Here()
_MARK = re.compile(r"(?<!%)%s")


def link_of_thread() -> Any:
    """This thread's connection; Django's own way to it takes ten steps, and a page takes it thirty times."""
    found = _here.link
    if found is None:
        found = _here.link = connections[DEFAULT_DB_ALIAS]
    return found


def ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a finished statement, as the driver gives them."""
    link = link_of_thread()
    if _by_the_orm(link):
        with link.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()  # type: ignore[no-any-return]
    try:
        return link.connection.execute(_for_sqlite(sql), values).fetchall()  # type: ignore[no-any-return]
    except SQLiteError:
        with link.wrap_database_errors:
            raise


def tell(sql: str, values: Sequence[Any]) -> None:
    """Carry out a finished statement that answers with nothing."""
    link = link_of_thread()
    if _by_the_orm(link):
        with link.cursor() as cursor:
            cursor.execute(sql, values)
        return
    try:
        link.connection.execute(_for_sqlite(sql), values)
    except SQLiteError:
        with link.wrap_database_errors:
            raise


def _by_the_orm(link: Any) -> bool:
    """Other databases; before it is connected, after an error; or when somebody counts what is asked."""
    return bool(
        link.vendor != "sqlite"
        or link.connection is None
        or link.needs_rollback
        or link.force_debug_cursor
        or link.execute_wrappers
    )


@lru_cache(maxsize=2000)
def _for_sqlite(sql: str) -> str:
    return _MARK.sub("?", sql).replace("%%", "%")
