"""The demo desk of one test run: made once, and copied by each of its processes."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from zaguan.testing.installation import own_database

# Whoever makes it keeps its database until the end.
_kept = contextlib.ExitStack()
atexit.register(_kept.close)


@contextlib.contextmanager
def demo_desk() -> Iterator[tuple[Path, str]]:
    """Its data folder, and the name of its database on a server ("" for SQLite); nobody else copies it meanwhile."""
    place = _place()
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = place / "made"
        if not made.exists():
            database = _make(place)
            made.write_text(urlsplit(database).path.removeprefix("/"))
        yield place, made.read_text()


def _place() -> Path:
    """The same for all processes of one run on one kind of database."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    kind = urlsplit(os.environ.get("DATABASE_URL", "")).scheme or "sqlite"
    return Path(tempfile.gettempdir()) / f"zaguan-demo-{kind}-{run}"


def _make(place: Path) -> str:
    place.mkdir(parents=True, exist_ok=True)
    _kept.callback(shutil.rmtree, place, ignore_errors=True)
    _kept.callback(place.with_suffix(".lock").unlink, missing_ok=True)
    database = _kept.enter_context(own_database())
    environment = {**os.environ, "ZAGUAN_DATA": str(place), "DATABASE_URL": database, "DEMO": "1"}
    command = [sys.executable, "-m", "zaguan", "prepare"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return database
