"""SQL that is made already, straight to the database: one call where a cursor of the ORM takes thirty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_MARK = re.compile(r"(?<!%)%s")


def ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a finished statement, as the driver gives them."""
    link: Any = connections[DEFAULT_DB_ALIAS]
    if _by_the_orm(link):
        with link.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()  # type: ignore[no-any-return]
    with link.wrap_database_errors:
        return link.connection.execute(_for_sqlite(sql), values).fetchall()  # type: ignore[no-any-return]


def tell(sql: str, values: Sequence[Any]) -> None:
    """Carry out a finished statement that answers with nothing."""
    link: Any = connections[DEFAULT_DB_ALIAS]
    if _by_the_orm(link):
        with link.cursor() as cursor:
            cursor.execute(sql, values)
        return
    with link.wrap_database_errors:
        link.connection.execute(_for_sqlite(sql), values)


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
