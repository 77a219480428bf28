"""Several verbs as one piece: a failure of any of them undoes all, so none needs a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Within a transaction: whatever fails inside, also if somebody catches it, leaves no way but to undo the whole.

    A savepoint costs two statements, and on SQLite makes full text write a piece of its index for each.
    """
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before
