"""Questions to the database whose SQL the ORM writes once per process; asking again costs only the database's own time.

Building a queryset and compiling it takes several times longer than a lookup by key. Pages that ask the same
few questions at each view keep them here. The SQL stays the ORM's: both databases, all converters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from zaguan.lib.asking import ask, link_of_thread
from zaguan.lib.converting import Convert, converter_of, instances

# The statement, its values with the argument that each one stands for, and what converts its rows.
Made = tuple[str, list[tuple[Any, int | None]], Convert]
# Stand for the arguments while the SQL is made; no id grows so large.
_FIRST_SLOT = 8_070_450_532_247_900_000


class Prepared:
    """Call it with whole numbers, as many as `build` takes; it answers with rows in the order of `values_list`.

    `build` gets stand-ins for the numbers, and may use them only as values to compare with.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, tuple[Any, ...]]], arguments: int = 1) -> None:
        self._build = build
        self._slots = [_FIRST_SLOT + place for place in range(arguments)]
        self._made: dict[str, Made] = {}

    def __call__(self, *values: int) -> list[tuple[Any, ...]]:
        return self.convert(self.raw(*values))

    def raw(self, *values: int) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them: equal ones say the same, so what is made of them can be kept."""
        try:
            sql, params, _convert = self._made.get(link_of_thread().vendor) or self._make()
        except EmptyResultSet:
            return []
        return ask(sql, [p if place is None else values[place] for p, place in params])

    @property
    def is_made(self) -> bool:
        """Whether it was asked on this database."""
        return link_of_thread().vendor in self._made

    def convert(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Such rows with the values of the ORM."""
        return self._made[link_of_thread().vendor][2](rows) if rows else []

    def _make(self) -> Made:
        compiler = self._build(*self._slots).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        missing = [slot for slot in self._slots if slot not in params]
        if missing:
            raise ValueError(f"The question does not use argument {missing[0] - _FIRST_SLOT}")
        slots = {slot: place for place, slot in enumerate(self._slots)}
        placed = [(param, slots.get(param) if isinstance(param, int) else None) for param in params]
        self._made[connection.vendor] = (sql, placed, converter_of(compiler))
        return self._made[connection.vendor]


class PreparedRows:
    """The same for rows of one model, as instances; `defer` leaves columns out, joins are not followed."""

    def __init__(self, build: Callable[..., QuerySet[Any]], arguments: int = 1) -> None:
        self._names: list[str] = []
        self._model: type[Model] | None = None
        self._ask = Prepared(lambda *slots: self._columns(build(*slots)), arguments)

    def _columns(self, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
        self._model = rows.model
        deferred = rows.query.deferred_loading[0]
        self._names = [f.attname for f in rows.model._meta.concrete_fields if f.name not in deferred]
        return rows.values_list(*self._names)

    def __call__(self, *values: int) -> list[Any]:
        rows = self._ask(*values)
        return instances(self._model, self._names, rows) if self._model is not None else []
