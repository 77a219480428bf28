"""Rows into PostgreSQL: as they were copied out, or out of an SQLite file with its values turned into PostgreSQL's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

CHUNK = 1024 * 1024
ROWS = 2000


def copy_in(cursor: Any, path: Path, table: str, columns: list[str]) -> None:
    """COPY's own text form."""
    with path.open("rb") as file, cursor.copy(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN') as copy:
        while data := file.read(CHUNK):
            copy.write(data)


def copy_in_from_sqlite(cursor: Any, database: Path, table: str, columns: list[str]) -> None:
    """SQLite keeps truth as 0 and 1, and times as text in UTC without saying so."""
    types = _types(cursor, table)
    turns = [_turn(types[column]) for column in columns]
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as link:
        rows = link.execute(f'SELECT {_quoted(columns)} FROM "{table}"')  # noqa: S608 (from the checked manifest)
        with cursor.copy(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN') as copy:
            while batch := rows.fetchmany(ROWS):
                for row in batch:
                    copy.write_row([turn(value) for turn, value in zip(turns, row, strict=True)])


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _types(cursor: Any, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s",
        [table],
    )
    return dict(cursor.fetchall())


def _turn(data_type: str) -> Callable[[Any], Any]:
    """How a value of SQLite becomes one of a PostgreSQL column."""
    if data_type == "boolean":
        return lambda value: None if value is None else bool(value)
    if data_type == "timestamp with time zone":
        return lambda value: None if value is None else f"{value}+00"
    if data_type in ("text", "character varying"):
        # PostgreSQL cannot store this one letter.
        return lambda value: value.replace("\0", "") if isinstance(value, str) else value
    return lambda value: value
