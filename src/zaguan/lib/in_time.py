"""Reading from a socket until a moment, whatever the other side does."""

from __future__ import annotations

import io
import time
from typing import Any


def left(until: float) -> float:
    """Seconds until a moment of the monotonic clock; TimeoutError when it has passed."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Timed(io.RawIOBase):
    """What comes in over a socket, until a moment: a byte now and then does not hold it open."""

    def __init__(self, line: Any, until: float) -> None:
        self._line, self._until = line, until
        # As long as this is open, so is the socket.
        self._raw = line.makefile("rb", buffering=0)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._line.settimeout(left(self._until))
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
