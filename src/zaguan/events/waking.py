"""How one process hears that another has committed: NOTIFY on PostgreSQL, a cheap look on SQLite."""

from __future__ import annotations

import contextlib
import threading
import time

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction

CHANNEL = "zaguan"
# SQLite: reading the number of the last commit costs some microseconds.
LOOK_EVERY = 0.04
# PostgreSQL: at most one call in this time from each process; listeners look again on their own as well.
CALL_EVERY = 0.02

_last_call = 0.0


def wake_after_commit() -> None:
    """When this transaction is committed, tell every listener that there is something new."""
    if connection.vendor == "postgresql":
        transaction.on_commit(_call)


def _call() -> None:
    # Not part of the writing transaction: NOTIFY inside it would make all commits queue behind one another.
    global _last_call
    now = time.monotonic()
    if now - _last_call >= CALL_EVERY:
        _last_call = now
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


class Watch:
    """Notices commits of other processes and threads, over a connection of its own."""

    def __init__(self) -> None:
        self.link = connections.create_connection(DEFAULT_DB_ALIAS)
        self.version = 0

    def wait(self, seconds: float) -> bool:
        """Return True as soon as something was committed, False when `seconds` pass without it."""
        try:
            if self.link.vendor == "postgresql":
                return self._hear(seconds)
            return self._look(seconds)
        except Error:
            with contextlib.suppress(Error):
                self.link.close()
            time.sleep(min(1.0, seconds))
            return True

    def close(self) -> None:
        """Let go of the connection."""
        self.link.close()

    def _hear(self, seconds: float) -> bool:
        if self.link.connection is None:
            self.link.ensure_connection()
            with self.link.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            return True
        return any(True for _ in self.link.connection.notifies(timeout=seconds, stop_after=1))

    def _look(self, seconds: float) -> bool:
        self.link.ensure_connection()
        end = time.monotonic() + seconds
        while True:
            version = self.link.connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self.version:
                self.version = version
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(LOOK_EVERY)


class Bell:
    """One watch for all threads of a process: each waits for its next ring."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._rings = 0
        self._stopped = False

    def ring(self) -> None:
        """Wake everyone who waits."""
        with self._rung:
            self._rings += 1
            self._rung.notify_all()

    def wait(self, seen: int, seconds: float) -> int:
        """The number of the newest ring; returns at once when it is not `seen`."""
        with self._rung:
            if self._rings == seen and not self._stopped:
                self._rung.wait(seconds)
            return self._rings

    def stop(self) -> None:
        """Wake everyone for good."""
        self._stopped = True
        self.ring()

    def stopped(self) -> bool:
        """Whether it is time to go home."""
        return self._stopped

    def watch(self) -> None:
        """Ring at every commit, until stopped; run in a thread of its own."""
        watch = Watch()
        try:
            while not self._stopped:
                if watch.wait(0.5):
                    self.ring()
        finally:
            watch.close()
