"""Parts are forked from a process that has loaded everything once: they start at once, and share what they read."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from zaguan.config.parts import end_with_parent

# Of glibc's mallopt: in how many pools memory is kept. Eight for each core, as it does by itself, hold much that is free.
_ARENAS, _MOST_ARENAS = -8, 2


def preload() -> None:
    """Load what pages and the worker need. Leaves no thread and no connection behind: neither outlives a fork."""
    if sys.platform == "linux":
        getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)(_ARENAS, _MOST_ARENAS)
    # So long as everything is new, there is nothing to collect.
    gc.disable()
    import django

    django.setup()
    import zaguan.config.background
    import zaguan.config.http  # noqa: F401
    from zaguan.config.warming import warm_up

    warm_up()
    gc.enable()


def fork(name: str, answer: Callable[[], int], close: list[int]) -> int:
    """A child that answers to `name` and ends with what `answer` returns. `close`: handles that are the parent's alone."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for handle in close:
        os.close(handle)
    os.environ["ZAGUAN_SUPERVISOR"] = str(parent)
    end_with_parent()
    call_yourself(name)
    sys.exit(answer())


def call_yourself(name: str) -> None:
    """What `ps` shows, in the place of our command line."""
    if sys.platform != "linux":
        return
    start, end = (
        int(field) for field in Path("/proc/self/stat").read_text().rpartition(")")[2].split()[45:47]
    )
    # The kernel reads on into the environment when the last byte is none; and it counts to the end that it knows.
    text = f"zaguan {name}".encode()[: max(0, end - start - 1)]
    if start and text:
        ctypes.memmove(start, text.ljust(end - start, b"\0"), end - start)
