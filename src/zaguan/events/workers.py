"""Names of worker processes, and whether one of them still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """Machine, process space and process: enough to know later whether that worker still lives."""
    return f"{_place()}/{os.getpid()}"


def _place() -> str:
    try:
        space = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()[:30]}/{space}"


def is_dead(worker: str) -> bool:
    """Whether `worker` was a process of this machine that is gone."""
    place, _, pid = worker.rpartition("/")
    return place == _place() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists()
