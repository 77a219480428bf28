"""Values from the database to Python, for prepared questions: what the ORM would give, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
Convert = Callable[[Iterable[Any]], list[tuple[Any, ...]]]


def converter_of(compiler: Any) -> Convert:
    """The conversion of the rows that this compiler's SQL gives."""
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    moments, truths, steps = [], [], []
    in_utc = connection.timezone is UTC
    for place, (functions, expression) in converters.items():
        # SQLite keeps times as text and truth as 0 and 1; the ORM takes ten steps to read either.
        if in_utc and functions == [getattr(connection.ops, "convert_datetimefield_value", None)]:
            moments.append(place)
        elif functions == [getattr(connection.ops, "convert_booleanfield_value", None)]:
            truths.append(place)
        else:
            steps.append((place, _step(functions, expression)))
    return _convert(moments, truths, steps) if converters else list


def _convert(moments: list[int], truths: list[int], steps: list[tuple[int, Callable[[Any], Any]]]) -> Convert:
    parse = datetime.fromisoformat

    def convert(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
        found = []
        for row in rows:
            values = list(row)
            for place in moments:
                if (value := values[place]) is not None:
                    values[place] = parse(value + "+00:00")
            for place in truths:
                if (value := values[place]) is not None:
                    values[place] = bool(value)
            for place, step in steps:
                if (value := values[place]) is not None:
                    values[place] = step(value)
            found.append(tuple(values))
        return found

    return convert


def _step(functions: list[Any], expression: Any) -> Callable[[Any], Any]:
    def step(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return step


def instances(model: type[M], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> list[M]:
    """Rows of a model as `from_db` gives them; columns that are not named are read when they are asked for."""
    return [_instance(model, zip(names, row, strict=True)) for row in rows]


def _instance(model: type[M], values: Iterable[tuple[str, Any]]) -> M:
    # What the ORM does beside this, for each row: signals (we have none) and setting each column by itself.
    made = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    made._state = state
    made.__dict__.update(values)
    return made
