"""Django's SQLite, whose writers wait for their turn at a lock of ours instead of asking SQLite again ever more seldom.

SQLite lets one write at a time. Whoever finds it busy sleeps 1, 2, 5, 10 … up to 100 ms and asks again, while the
next one takes its place: with eight writers most of the time nobody writes. Here they wait at the lock of a file
beside the database, which is freed with the process that holds it. Of one process only one thread looks at it, and
of all processes only the one that is next looks often: whoever writes again at once stands behind it.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

# Seconds between two looks: of who is next, and of who would be.
_PAUSE, _LONG_PAUSE = 0.0002, 0.0005
# Afterwards SQLite decides: it waits once more, and then says that it is locked.
_LONGEST_WAIT = 20.0
# For each database, the threads of this process that wait.
_waiting: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


# What a backend overrides is not in the stubs.
_Base: Any = base.DatabaseWrapper


class DatabaseWrapper(_Base):  # type: ignore[misc]
    """The vendor stays "sqlite", with all that Django knows of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns: tuple[int, int] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _wait_for_turn(self) -> None:
        if self.is_in_memory_db():
            return
        name = str(self.settings_dict["NAME"])
        self._turns = self._turns or (_open(f"{name}-turn"), _open(f"{name}-next"))
        turn, following = self._turns
        until = time.monotonic() + _LONGEST_WAIT
        if not _waiting[name].acquire(timeout=_LONGEST_WAIT):
            return
        try:
            if _take(following, until, _LONG_PAUSE):
                _take(turn, until, _PAUSE)
                fcntl.flock(following, fcntl.LOCK_UN)
        finally:
            _waiting[name].release()

    def _end_turn(self) -> None:
        if self._turns is not None:
            fcntl.flock(self._turns[0], fcntl.LOCK_UN)

    def _savepoint_allowed(self) -> bool:
        # Django's asks only whether there is a transaction; see lib/savepoints.py.
        return bool(self.features.uses_savepoints and super()._savepoint_allowed())

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._turns is not None:
                os.close(self._turns[0])
                os.close(self._turns[1])
                self._turns = None


def _open(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(lock: int, until: float, pause: float) -> bool:
    """Whether the lock is ours before the time is over."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(pause)
        else:
            return True
