"""A short text that both databases compare byte by byte, so that one index answers "is", "begins with" and "between"."""

from __future__ import annotations

from typing import Any

from django.db import models


class ByteOrderField(models.CharField):  # type: ignore[type-arg]
    """SQLite compares so by itself; PostgreSQL is told to."""

    def db_parameters(self, connection: Any) -> Any:
        """The column, with the collation that compares bytes."""
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found
