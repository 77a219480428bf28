"""Many rows written by one statement each, prepared once and carried out for all of them: values instead of instances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Field, Model

# A field's value as the driver takes it; None for a value that it takes as it is.
Adapt = Callable[[Any], Any]


def insert_many(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """New rows of `names`, columns by their attribute; what is not named must have a default in the database."""
    fields = _fields(model, names)
    columns = ", ".join(_quoted(field) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    _all(f"INSERT INTO {_table(model)} ({columns}) VALUES ({marks})", fields, rows)  # noqa: S608 (names only)


def update_many(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Change these columns; each row is their values, then its id."""
    fields = _fields(model, names)
    key = model._meta.pk
    assert key is not None, "every table here has a key"
    columns = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    _all(f"UPDATE {_table(model)} SET {columns} WHERE {_quoted(key)} = %s", [*fields, key], rows)  # noqa: S608 (the same)


def _all(sql: str, fields: Sequence[Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> None:
    steps = [(place, _adapt(field)) for place, field in enumerate(fields)]
    converting = [(place, step) for place, step in steps if step is not None]
    given = []
    for row in rows:
        values = list(row)
        for place, step in converting:
            if values[place] is not None:
                values[place] = step(values[place])
        given.append(values)
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(sql, given)


def _adapt(field: Field[Any, Any]) -> Adapt | None:
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return _moment if connection.vendor == "sqlite" else None
    if kind in ("CharField", "TextField", "ForeignKey", "BooleanField") or kind.endswith("IntegerField"):
        return None
    if kind.endswith("AutoField"):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _moment(value: datetime) -> str:
    """As Django writes a moment into SQLite."""
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(" ")


def _fields(model: type[Model], names: Sequence[str]) -> list[Field[Any, Any]]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))
