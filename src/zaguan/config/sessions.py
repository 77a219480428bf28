"""Sessions in the database, read by one plain lookup: every page begins with it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

from zaguan.lib.asking import ask

_ASK = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """Django's store; only the look-up does without building a query, and the same text is not read twice."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self._row()
        if found is None:
            return None
        return self.model(session_key=self.session_key or "", session_data=found[0], expire_date=found[1])

    def load(self) -> dict[str, Any]:
        """What the session says; a copy, since pages change it."""
        found = self._row()
        return dict(_read(found[0])) if found else {}

    def _row(self) -> tuple[str, datetime] | None:
        rows = ask(_ASK, [self.session_key]) if self.session_key else []
        if rows:
            data, expires = rows[0][0], _moment(rows[0][1])
            if expires > datetime.now(UTC):
                return data, expires
        self._session_key = None
        return None


@lru_cache(maxsize=1000)
def _read(data: str) -> dict[str, Any]:
    """The text is signed: whatever is in it was said by us."""
    found: dict[str, Any] = SessionStore().decode(data)
    return found


def _moment(value: Any) -> datetime:
    """SQLite gives text or a naive time, PostgreSQL an aware one."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
