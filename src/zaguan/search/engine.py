"""Which full-text engine stands behind the search: that of the database."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from zaguan.search import postgres, sqlite


def engine() -> ModuleType:
    """The module that stores and finds words on this database."""
    return postgres if connection.vendor == "postgresql" else sqlite
