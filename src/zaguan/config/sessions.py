"""Sessions in the database, read by one plain lookup: every page begins with it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection
from django.utils import timezone

_ASK = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """Django's store; only the look-up does without building a query each time."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        if not self.session_key:
            return None
        with connection.cursor() as cursor:
            cursor.execute(_ASK, [self.session_key])
            row = cursor.fetchone()
        expires = _moment(row[1]) if row else None
        if row is None or expires is None or expires <= timezone.now():
            self._session_key = None
            return None
        return self.model(session_key=self.session_key, session_data=row[0], expire_date=expires)


def _moment(value: object) -> datetime | None:
    """SQLite gives text or a naive time, PostgreSQL an aware one."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(found, datetime):
        return None
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)
