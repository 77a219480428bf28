"""Values from the database to Python, for prepared questions: what the ORM would give, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.db import connection

Convert = Callable[[Iterable[Any]], list[tuple[Any, ...]]]


def converter_of(compiler: Any) -> Convert:
    """The conversion of the rows that this compiler's SQL gives."""
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    steps = [(place, _step(functions, expression)) for place, (functions, expression) in converters.items()]
    if not steps:
        return list

    def convert(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
        found = []
        for row in rows:
            values = list(row)
            for place, step in steps:
                if values[place] is not None:
                    values[place] = step(values[place])
            found.append(tuple(values))
        return found

    return convert


def _step(functions: list[Any], expression: Any) -> Callable[[Any], Any]:
    # SQLite keeps times as text and truth as 0 and 1; the ORM takes ten steps to read either.
    if functions == [getattr(connection.ops, "convert_datetimefield_value", None)]:
        return _time_reader(connection.timezone)
    if functions == [getattr(connection.ops, "convert_booleanfield_value", None)]:
        return bool

    def step(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return step


def _time_reader(zone: tzinfo | None) -> Callable[[Any], datetime]:
    def read(value: Any) -> datetime:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.replace(tzinfo=zone)

    return read
