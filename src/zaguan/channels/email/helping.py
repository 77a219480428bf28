"""A second process that helps while much mail comes in: Python uses one core for each process."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import IO, Any

log = logging.getLogger(__name__)


class Standing:
    """A helper forked beforehand; it costs little memory while it waits. Behaves as the process that `_start` makes."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout

    def wait(self, _seconds: float | None = None) -> None:
        """Its input has ended, and it may be in the middle of a mail."""
        os.waitpid(self.pid, 0)


_standing: list[Standing] = []


def stand_by(fork: Callable[[str, Callable[[], int], list[int]], int]) -> None:
    """Fork a helper for later. Call it while this process has no threads and no connections."""
    asked, ask = os.pipe()
    said, say = os.pipe()
    pid = fork("mail helper", lambda: _answer(os.fdopen(asked, "rb"), os.fdopen(say, "wb")), [ask, said])
    os.close(asked)
    os.close(say)
    _standing.append(Standing(pid, os.fdopen(ask, "wb"), os.fdopen(said, "rb")))


class Helper:
    """Our side: takes the process that stands by, or starts one when it is needed, and ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | Standing | None = _standing.pop() if _standing else None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def stays(self) -> bool:
        """Whether it is not worth ending."""
        return isinstance(self._process, Standing)

    def process(self, numbers: list[int]) -> list[dict[str, Any]]:
        """What became of stored mails; nothing when the helper cannot say: then somebody else must see to them."""
        try:
            process = self._process = self._process or _start()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(numbers).encode() + b"\n")
            process.stdin.flush()
            answers = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            log.warning("The helper ended by itself", exc_info=True)
            self.end()
            return []
        return answers if isinstance(answers, list) else []

    def end(self) -> None:
        """Let it go; it ends when its input does."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                log.debug("The helper was gone already")
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            assert isinstance(process, subprocess.Popen)
            process.kill()
            process.wait()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "zaguan.channels.email.helping"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (our own program)


def _answer(asked: Iterable[bytes], say: IO[bytes]) -> int:
    """The helper's side: numbers in, what became of those mails out; until the input ends."""
    from zaguan.channels.email.placing import process_together
    from zaguan.channels.email.receiving_mail import load

    for line in asked:
        outcomes = process_together([load(number) for number in json.loads(line)])
        say.write(json.dumps([outcome.as_json() for outcome in outcomes]).encode() + b"\n")
        say.flush()
    return 0


def help_out() -> None:
    """A helper started by itself."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    django.setup()
    _answer(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    help_out()
