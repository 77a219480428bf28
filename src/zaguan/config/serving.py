"""`zaguan serve`: loads everything once, forks the parts, forks one anew that dies, and stops them cleanly."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from zaguan.config.doors import listen
from zaguan.config.facts import Facts, read_facts
from zaguan.config.forking import fork
from zaguan.config.parts import web, worker
from zaguan.config.preloading import preload
from zaguan.config.stamp import up_to_date
from zaguan.config.welcome import say, welcome

# A part that ran this long was healthy: its next start is not delayed; any other waits, longer each time.
HEALTHY_SECONDS, LONGEST_PAUSE = 10.0, 15.0
# After SIGTERM a part may finish what it has in hand; then it is ended.
SECONDS_TO_STOP = 12.0
SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}


@dataclass
class Part:
    """One process to keep alive."""

    name: str
    answer: Callable[[], int]
    pid: int = 0
    started: float = 0.0
    pause: float = 0.0
    start_at: float = 0.0

    def start(self, close: list[int]) -> None:
        """Start the process; `close` is ours alone."""
        self.pid = fork(self.name, self.answer, close)
        self.started = time.monotonic()

    def ended(self, status: int) -> None:
        """Plan the next start; each quick death doubles the wait."""
        lived = time.monotonic() - self.started
        self.pid = 0
        self.pause = 0.0 if lived > HEALTHY_SECONDS else min(LONGEST_PAUSE, self.pause * 2 or 0.25)
        self.start_at = time.monotonic() + self.pause
        code = os.waitstatus_to_exitcode(status)
        say(f"{self.name} ended ({code}); it starts again in {self.pause:.1f} s.", error=True)


@dataclass
class House:
    """All parts of this installation, and whether we are closing."""

    parts: list[Part]
    lock: int
    stopping_since: float | None = None
    announced: bool = False
    killed: set[int] = field(default_factory=set)

    def start_due(self) -> None:
        """Start what should run and does not."""
        for part in self.parts:
            if not part.pid and time.monotonic() >= part.start_at:
                part.start([self.lock])

    def reap(self) -> None:
        """Notice which parts have ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for part in self.parts:
                if part.pid == pid:
                    self._ended(part, status)

    def _ended(self, part: Part, status: int) -> None:
        if self.stopping_since is None:
            part.ended(status)
        else:
            part.pid = 0

    def stop(self) -> None:
        """Ask every part to finish."""
        if self.stopping_since is None:
            self.stopping_since = time.monotonic()
            self._signal(signal.SIGTERM)

    def kill_late(self) -> None:
        """End what has not finished in time."""
        if self.stopping_since and time.monotonic() - self.stopping_since > SECONDS_TO_STOP:
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        for part in self.parts:
            if part.pid:
                os.kill(part.pid, number)


def serve(words: list[str]) -> int:
    """Run everything until SIGTERM or Ctrl+C."""
    facts = read_facts()
    facts.data.mkdir(parents=True, exist_ok=True)
    lock = take_lock(facts.data)
    if lock is None:
        return 1
    try:
        listeners = open_listeners(facts)
    except OSError as error:
        say(error.strerror or str(error), error=True)
        return 1
    if not up_to_date(facts) and (code := prepare_data()):
        return code
    try:
        preload()
    except KeyboardInterrupt:
        return 130
    return run(House(parts_of(facts, listeners), lock), facts)


def take_lock(data: Path) -> int | None:
    """One `serve` per data folder; the lock goes when this process goes, however it ends."""
    handle = os.open(data / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        other = os.read(handle, 20).decode() or "?"
        say(
            f"Zaguán already serves {data} (process {other}). Stop it first, or choose another ZAGUAN_DATA.",
            error=True,
        )
        return None
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def open_listeners(facts: Facts) -> dict[str, socket.socket]:
    """The doors, opened once: whoever knocks while a part restarts waits instead of being refused."""
    doors = {"web": _open(facts.host, facts.port, "PORT")}
    if facts.smtp_port:
        doors["smtp"] = _open(facts.smtp_host, facts.smtp_port, "SMTP_PORT")
    return doors


def _open(host: str, port: int, setting: str) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        sentence = f"Port {port} on {host} cannot be used ({error.strerror}). Set {setting} to a free one."
        raise OSError(error.errno, sentence) from None


def prepare_data() -> int:
    """Bring the data up to date in a process of its own, so that no connection of it is here when we fork."""
    command = [sys.executable, "-m", "zaguan", "prepare"]
    environment = {**os.environ, "ZAGUAN_SUPERVISOR": str(os.getpid())}
    pid = os.posix_spawn(sys.executable, command, environment)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except KeyboardInterrupt:
        return 130


def parts_of(facts: Facts, doors: dict[str, socket.socket]) -> list[Part]:
    """Web processes that share one door, and a worker that holds the mail receiver's."""
    board = os.memfd_create("connections", 0)
    os.ftruncate(board, 4096)
    count = facts.web_processes
    pages = ["--socket", str(doors["web"].fileno()), "--board", str(board)]
    mail = ["--smtp-socket", str(doors["smtp"].fileno())] if "smtp" in doors else []
    every = [Part(f"web {n + 1}", partial(web, [*pages, str(n), str(count)])) for n in range(count)]
    return [*every, Part("worker", partial(worker, mail))]


def run(house: House, facts: Facts) -> int:
    """The supervisor's loop: it sleeps until a signal comes or something is due."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    while True:
        if house.stopping_since is None:
            house.start_due()
        waking = house.announced and house.stopping_since is None
        received = signal.sigtimedwait(SIGNALS, 1.0 if waking else 0.1)
        if received and received.si_signo != signal.SIGCHLD:
            house.stop()
        house.reap()
        house.kill_late()
        if house.stopping_since is not None and not any(part.pid for part in house.parts):
            return 0
        if not house.announced and house.stopping_since is None and welcome(facts):
            house.announced = True
