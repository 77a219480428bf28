"""A bounded memory of what was made lately."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Keeps between `size` and half of it: what was not asked for while as much came in anew is forgotten.

    Two plain dictionaries instead of an order to keep: one step to find something, and safe among threads.
    """

    def __init__(self, size: int) -> None:
        self._half = size // 2
        self._new: dict[Hashable, V] = {}
        self._old: dict[Hashable, V] = {}

    def get(self, key: Hashable) -> V | None:
        """What was kept under this key."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, value: V) -> V:
        """Keep it."""
        if len(self._new) >= self._half:
            self._old, self._new = self._new, {}
        self._new[key] = value
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._new, self._old = {}, {}
