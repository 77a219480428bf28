"""Processes, ports and folders that belong to one test run and end with it."""

from __future__ import annotations

import contextlib
import ctypes
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path


def free_port() -> int:
    """A TCP port on the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 20, log: Path | None = None) -> None:
    """Return when `ready()` says so; TimeoutError naming `what`, with the end of its log, when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if ready():
                return
        time.sleep(0.05)
    said = log.read_text(errors="replace")[-2000:] if log and log.exists() else ""
    raise TimeoutError(f"{what} was not ready after {seconds:.0f} seconds. {said}")


def answers(port: int) -> bool:
    """Whether something on the loopback accepts connections on `port`."""
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def die_with_parent() -> None:
    """Run in the child: the kernel ends it when the tests are killed, so no server is left behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


@contextlib.contextmanager
def running(
    command: list[str],
    log: Path,
    *,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    stop: int = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in the background, its output in `log`; stopped on leaving."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            user=user,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def folder_for(name: str, user: str | None) -> Iterator[Path]:
    """A new folder with a short path (sockets allow 107 letters), owned by `user`, removed on leaving."""
    folder = Path(tempfile.mkdtemp(prefix=f"zg-{name}-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
