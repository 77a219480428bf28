"""Everyday writes and lookups whose SQL the ORM makes once per process, for places where each millisecond counts.

Compiling a statement costs the ORM several times what the database needs to carry it out. The SQL and the
conversion of values stay the ORM's; what is left out are signals (we have none) and `save()` overrides (the same).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    BinaryField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    JSONField,
    Model,
    QuerySet,
    TimeField,
    UUIDField,
)
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery

from zaguan.lib.asking import ask, link_of_thread, tell
from zaguan.lib.converting import converter_of, instances

M = TypeVar("M", bound=Model)
# Of these the driver takes the value as it is, unless the field is one that converts.
_PLAIN = frozenset({str, int, bool, type(None)})
_CONVERTING = (BinaryField, DateField, DecimalField, JSONField, TimeField, UUIDField)
# A field, its attribute, whether plain values of it need no conversion, and whether it is a moment.
Column: TypeAlias = "tuple[Field[Any, Any], str, bool, bool]"
# Vendor and model: the statement and the columns whose values it takes, in order.
_inserts: dict[tuple[str, type[Model]], tuple[str, list[Column]]] = {}
_updates: dict[tuple[str, type[Model], tuple[str, ...]], tuple[str, list[Column]]] = {}


def insert(row: M) -> M:
    """Write a new row, as `row.save(force_insert=True)` would, and give it its id."""
    link = link_of_thread()
    sql, columns = _inserts.get((link.vendor, type(row))) or _insert_statement(row)
    row.pk = ask(sql, _values(row, columns, link, add=True))[0][0]
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return row


def update(row: Model, *names: str) -> None:
    """Write the named columns of a row, as `row.save(update_fields=names)` would."""
    link = link_of_thread()
    sql, columns = _updates.get((link.vendor, type(row), names)) or _update_statement(type(row), names)
    values = _values(row, columns, link, add=False)
    values.append(row.pk)
    tell(sql, values)


def remove(model: type[Model], numbers: Sequence[int], **same: str) -> None:
    """Delete rows that nothing points at, by id, where columns of text still say what they should."""
    if numbers:
        quote = connection.ops.quote_name
        marks = ", ".join(["%s"] * len(numbers))
        more = "".join(f" AND {quote(name)} = %s" for name in same)
        table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
        sql = f"DELETE FROM {table} WHERE {key} IN ({marks}){more}"  # noqa: S608 (names of columns only)
        tell(sql, [*numbers, *same.values()])


def _values(row: Model, columns: list[Column], link: Any, *, add: bool) -> list[Any]:
    values, held, in_sqlite = [], row.__dict__, link.vendor == "sqlite"
    for field, name, is_plain, is_moment in columns:
        value = held[name] if is_plain else None
        if not is_plain or type(value) not in _PLAIN:
            value = field.pre_save(row, add=add)
            if is_moment and in_sqlite and type(value) is datetime and value.tzinfo is UTC:
                value = value.replace(tzinfo=None).isoformat(" ")
            else:
                value = field.get_db_prep_save(value, link)
        values.append(value)
    return values


def _insert_statement(row: Model) -> tuple[str, list[Column]]:
    model = type(row)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    query = InsertQuery(model)
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    sql = compiler.as_sql()[0][0]
    given = [field for field in fields if not isinstance(getattr(row, field.attname), DatabaseDefault)]
    _inserts[connection.vendor, model] = (sql, [_column(field) for field in given])
    return _inserts[connection.vendor, model]


def _update_statement(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Column]]:
    fields: list[Field[Any, Any]] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    key = quote(str(model._meta.pk.column))
    sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {key} = %s"  # noqa: S608 (names of columns only)
    _updates[connection.vendor, model, names] = (sql, [_column(field) for field in fields])
    return _updates[connection.vendor, model, names]


def _column(field: Field[Any, Any]) -> Column:
    own_ways = isinstance(field, _CONVERTING) or type(field).pre_save is not Field.pre_save
    return field, field.attname, not own_ways, isinstance(field, DateTimeField)


class Lookup:
    """A question asked again and again with other values: `build` gets a stand-in for each, of the given types.

    It answers with the rows of `values_list`. Stand-ins may be used only as values to compare with.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, tuple[Any, ...]]], *types: type) -> None:
        self._build = build
        self._slots = [_stand_in(kind, place) for place, kind in enumerate(types)]
        self._made: dict[str, tuple[str, list[Any], list[int | None], Callable[[Any], Any]]] = {}

    def __call__(self, *values: Any) -> list[tuple[Any, ...]]:
        sql, params, places, convert = self._made.get(link_of_thread().vendor) or self._make()
        given = [
            fixed if place is None else _as_param(values[place])
            for fixed, place in zip(params, places, strict=True)
        ]
        return convert(ask(sql, given))  # type: ignore[no-any-return]

    def _make(self) -> tuple[str, list[Any], list[int | None], Callable[[Any], Any]]:
        compiler = self._build(*self._slots).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = [self._place(param) for param in params]
        if missing := set(range(len(self._slots))) - set(places):
            raise ValueError(f"The question does not use argument {min(missing)}")
        self._made[connection.vendor] = (sql, list(params), places, converter_of(compiler))
        return self._made[connection.vendor]

    def _place(self, param: Any) -> int | None:
        plain = bytes(param) if isinstance(param, memoryview) else getattr(param, "obj", param)
        for place, slot in enumerate(self._slots):
            given = _as_param(slot) if type(slot) is datetime else slot
            if type(plain) is type(given) and plain == given:
                return place
        return None


def _stand_in(kind: type, place: int) -> Any:
    if kind is int:
        return 8_070_450_532_247_800_000 + place
    if kind is datetime:
        return datetime(9990, 1, 1, second=place, tzinfo=UTC)
    return f"\x01stand-in {place}" if kind is str else f"\x01stand-in {place}".encode()


def _as_param(value: Any) -> Any:
    if type(value) is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    return _binary().get_db_prep_value(value, connection) if type(value) is bytes else value


@lru_cache(maxsize=1)
def _binary() -> BinaryField[Any, Any]:
    return BinaryField()


class Rows(Lookup):
    """The same for whole rows of one model, as instances."""

    def __init__(self, build: Callable[..., QuerySet[Any]], *types: type) -> None:
        self._model: type[Model] | None = None
        self._names: list[str] = []
        super().__init__(lambda *slots: self._columns(build(*slots)), *types)

    def _columns(self, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
        self._model = rows.model
        deferred = rows.query.deferred_loading[0]
        self._names = [f.attname for f in rows.model._meta.concrete_fields if f.name not in deferred]
        return rows.values_list(*self._names)

    def __call__(self, *values: Any) -> list[Any]:
        rows = super().__call__(*values)
        return instances(self._model, self._names, rows) if self._model is not None else []

    def first(self, *values: Any) -> Any:
        """The first row, or None."""
        rows = self(*values)
        return rows[0] if rows else None
