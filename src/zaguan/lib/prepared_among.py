"""Prepared questions about several rows at once: as `pk__in`, for lists of any length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from zaguan.lib.prepared import Prepared

# Longer lists are asked about in parts.
MOST = 256


class PreparedAmong:
    """Call it with numbers; `build` gets as many stand-ins, to be used as `…__in` and nothing else.

    A statement is made for 1, 2, 4, 8 … numbers; the last one is said again until there are as many. Rows must not
    depend on numbers of other parts.
    """

    def __init__(self, build: Callable[[list[int]], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build
        self._by_size: dict[int, Prepared] = {}

    def __call__(self, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(numbers), MOST):
            part = list(numbers[start : start + MOST])
            size = 1 << (len(part) - 1).bit_length()
            found += self._of(size)(*part, *[part[-1]] * (size - len(part)))
        return found

    def _of(self, size: int) -> Prepared:
        made = self._by_size.get(size)
        if made is None:
            made = self._by_size[size] = Prepared(lambda *slots: self._build(list(slots)), size)
        return made
