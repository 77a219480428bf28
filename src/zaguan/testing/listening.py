"""A browser's live stream, as far as a test needs one."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit


class Listener:
    """Reads a stream in a thread; `hints` and `last_id` are what came so far.

    Use it with `with`: a socket that a failed test leaves open is a warning in whatever test runs later.
    """

    def __init__(self, url: str, cookie: str, last_id: str = "") -> None:
        parts = urlsplit(url)
        self.link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        headers = {"Cookie": cookie} | ({"Last-Event-ID": last_id} if last_id else {})
        self.link.request("GET", "/desk/live/", headers=headers)
        self.answer = self.link.getresponse()
        self.status = self.answer.status
        self.hints: list[dict[str, Any]] = []
        self.last_id, self.ended = last_id, False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def _read(self) -> None:
        try:
            while line := self.answer.readline():
                name, _, value = line.decode().strip().partition(": ")
                if name == "data":
                    self.hints.append(json.loads(value))
                elif name == "id":
                    self.last_id = value
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended = True

    def heard(self, what: str, verb: str = "changed") -> bool:
        """Whether a hint about `what` came."""
        return any(hint.get(verb) == what for hint in self.hints)

    def wait_for(self, what: str, verb: str = "changed", seconds: float = 10) -> float:
        """How long it took until the hint came; AssertionError when it does not."""
        began = time.monotonic()
        while not self.heard(what, verb):
            assert time.monotonic() - began < seconds, f"no hint {verb} {what} among {self.hints}"
            time.sleep(0.01)
        return time.monotonic() - began

    def quickest(self, cause: Callable[[], str], enough: float) -> float:
        """The best of a few hints that `cause` names, since a machine may stall; no more than needed to get below `enough`.

        Each comes right after another, with the whole beat of a slower poller ahead.
        """
        took = 60.0
        for _ in range(4):
            took = min(took, self.wait_for(cause()))
            if took < enough:
                break
        return took

    def close(self) -> None:
        """As when a network cable is pulled."""
        with contextlib.suppress(OSError):
            if self.link.sock:
                self.link.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.answer.close()
        self.link.close()
