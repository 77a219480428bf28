"""Prepared questions about several ids: padded to a few sizes, so that each is made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from zaguan.lib.converting import instances
from zaguan.lib.prepared import Prepared

SIZES = (8, 64, 256)


class PreparedMany:
    """Call it with ids and as many further numbers as `others`; `build` gets a list of stand-ins, then the others."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], others: int = 0) -> None:
        self._sized = {size: Prepared(_spread(build, size), size + others) for size in SIZES}

    def __call__(self, ids: Sequence[int], *others: int) -> list[tuple[Any, ...]]:
        return self.convert(self.raw(ids, *others))

    def convert(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Raw rows with the values of the ORM."""
        return next(p for p in self._sized.values() if p.is_made).convert(rows) if rows else []

    def raw(self, ids: Sequence[int], *others: int) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(ids), SIZES[-1]):
            some = ids[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(some))
            found += self._sized[size].raw(*some, *[some[-1]] * (size - len(some)), *others)
        return found


class ManyRows:
    """The same for rows of one model, as instances."""

    def __init__(self, build: Callable[[Sequence[int]], QuerySet[Any]]) -> None:
        self._names: list[str] = []
        self._model: type[Model] | None = None
        self._ask = PreparedMany(lambda numbers: self._columns(build(numbers)))

    def _columns(self, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
        self._model = rows.model
        self._names = [f.attname for f in rows.model._meta.concrete_fields]
        return rows.values_list(*self._names)

    def __call__(self, ids: Sequence[int]) -> list[Any]:
        rows = self._ask(ids)
        return instances(self._model, self._names, rows) if self._model is not None else []


def _spread(build: Callable[..., QuerySet[Any, Any]], size: int) -> Callable[..., QuerySet[Any, Any]]:
    return lambda *slots: build(list(slots[:size]), *slots[size:])
