"""Parts are forked from a process that has loaded everything once: they start at once, and share what they read."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path


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


def end_with_parent() -> None:
    """Under a supervisor: the kernel ends this process when the supervisor dies, however it dies."""
    parent = int(os.environ.get("ZAGUAN_SUPERVISOR", 0))
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
