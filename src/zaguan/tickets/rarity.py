"""Rare or common: few rows are looked up, many are looked for on each ticket of a list."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db.models import Model, Q

K = TypeVar("K", bound=Hashable)
# How long it is remembered, in seconds, and of how many things.
LIFETIME, MOST_KNOWN = 30.0, 1000
# Definition, first key, last key; the two are the same for one value.
Ranges = list[tuple[int, str, str]]


class Rarity(Generic[K]):
    """Whether few rows have something: call it with what they have. What more than `few` have is common."""

    def __init__(self, count: Callable[[K], int], few: int) -> None:
        """`count` may stop at one more than `few`."""
        self.few = few
        self._count = count
        self._known: dict[K, tuple[float, bool]] = {}

    def __call__(self, key: K) -> bool:
        until, rare = self._known.get(key, (0.0, True))
        if time.monotonic() > until:
            rare = self._count(key) <= self.few
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[key] = (time.monotonic() + LIFETIME, rare)
        return rare

    def forget(self) -> None:
        """Count anew when asked next."""
        self._known.clear()


class Entries:
    """Values as something to find by: rows of `model`, whose `column` names the definition beside their `key`."""

    def __init__(self, model: type[Model], column: str, few: int) -> None:
        self.rarity: Rarity[tuple[tuple[int, str, str], ...]] = Rarity(self._count, few)
        self._rows = model._default_manager
        self._column = column

    def within(self, ranges: Ranges) -> Q:
        """The rows with such a value."""
        found = Q()
        for definition, first, last in ranges:
            keys = {"key": first} if first == last else {"key__gte": first, "key__lte": last}
            found |= Q(**{self._column: definition}, **keys)
        return found

    def are_rare(self, ranges: Ranges) -> bool:
        """Whether few have such a value."""
        return self.rarity(tuple(ranges))

    def _count(self, ranges: tuple[tuple[int, str, str], ...]) -> int:
        return len(self._rows.filter(self.within(list(ranges))).values_list("pk")[: self.rarity.few + 1])
