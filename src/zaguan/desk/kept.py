"""The last few thousand pieces of rendered pages, per process: what a message says does not change."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from markupsafe import Markup

from zaguan.lib.recent import Recent


class KeptMarkup(Recent[Markup]):
    """The key must hold all that the markup depends on."""

    def drawn(self, key: Hashable, make: Callable[[], Markup]) -> Markup:
        """The markup under this key, made when it is not there."""
        found = self.get(key)
        return found if found is not None else self.put(key, make())
