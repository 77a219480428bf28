"""DATABASE_URL to Django's settings; without one, SQLite in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# WAL lets readers go on while one writes; NORMAL is safe against a crash of the process, and the
# immediate transaction takes the write lock at once instead of failing half-way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # The ORM reads times and truths itself; the driver would do it first, in ten steps for each value.
    "detect_types": 0,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
    ),
}


def database_from(url: str, data: Path) -> dict[str, Any]:
    """Settings of the one database; raises ValueError for a kind that we do not run on."""
    if not url:
        return _sqlite(data / "zaguan.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL starts with {parts.scheme}://; use postgresql:// or leave it empty for SQLite."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "zaguan.lib.sqlite",
        "NAME": str(path),
        # A file, as in life: in memory, threads do not wait for one another but fail.
        "TEST": {"NAME": str(path.with_suffix(".test.sqlite3"))},
        "CONN_MAX_AGE": None,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }
