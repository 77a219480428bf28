"""Rows into the database as fast as it takes them: no ORM, no indexes meanwhile, COPY where there is COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

IS_POSTGRES = connection.vendor == "postgresql"


class Table:
    """Takes rows of the named columns; all other columns get the model's defaults, or what `always` says."""

    def __init__(self, model: type[Model], columns: str, **always: Any) -> None:
        names = columns.split()
        blank = model()
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        rest = {}
        for column, field in fields.items():
            value = always.get(column, getattr(blank, field.attname))
            if column not in names and not field.primary_key and not isinstance(value, DatabaseDefault):
                rest[column] = (
                    always[column] if column in always else field.get_db_prep_save(value, connection)
                )
        self._name = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(connection.ops.quote_name(str(column)) for column in (*names, *rest))
        self._rest = tuple(_plain(value) for value in rest.values())
        self._tail = "".join("\t" + _text(value) for value in self._rest) + "\n"
        self._count = len(names) + len(rest)

    def put(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write the rows."""
        if IS_POSTGRES:
            self._copy(rows)
            return
        marks = ", ".join(["?"] * self._count)
        sql = f"INSERT INTO {self._name} ({self._columns}) VALUES ({marks})"
        connection.connection.executemany(sql, [(*row, *self._rest) for row in rows])

    def _copy(self, rows: Iterable[Sequence[Any]]) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self._name} ({self._columns}) FROM STDIN") as copy,
        ):
            copy.write("".join("\t".join(map(_text, row)) + self._tail for row in rows))


def _plain(value: Any) -> Any:
    return (
        getattr(value, "dumps", lambda _obj: value)(getattr(value, "obj", None))
        if hasattr(value, "obj")
        else value
    )


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return (
            value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
            if not value.isalnum()
            else value
        )
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    return str(value)


@contextmanager
def open_gates(models: Sequence[type[Model]]) -> Iterator[None]:
    """Within: no foreign keys checked, no indexes kept, nothing safe against a power cut. After it everything stands again."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        _settings(cursor, loading=True)
        indexes = _indexes(cursor, tables)
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for place, (name, sql) in enumerate(indexes, 1):
            print(f"\r  index {place} of {len(indexes)}: {name:40}", end="", flush=True)
            cursor.execute(sql)
        print()
        if IS_POSTGRES:
            for table in tables:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
        _settings(cursor, loading=False)


def _indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str]]:
    if IS_POSTGRES:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE conindid <> 0)",
            [tables],
        )
        return list(cursor.fetchall())
    marks = ", ".join(["%s"] * len(tables))
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    )
    return list(cursor.fetchall())


def _settings(cursor: Any, *, loading: bool) -> None:
    if IS_POSTGRES:
        cursor.execute(f"SET session_replication_role = {'replica' if loading else 'origin'}")
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        return
    for pragma in (
        f"foreign_keys = {'OFF' if loading else 'ON'}",
        f"journal_mode = {'OFF' if loading else 'WAL'}",
        f"synchronous = {'OFF' if loading else 'NORMAL'}",
        "cache_size = -400000" if loading else "cache_size = -32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
