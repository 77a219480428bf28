"""A second process that helps while much mail comes in: Python uses one core for each process. It ends when idle."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

log = logging.getLogger(__name__)


class Helper:
    """Our side: starts the process when it is needed, and ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def process(self, number: int) -> dict[str, Any] | None:
        """What became of a stored mail; None when the helper cannot say: then somebody else must see to it."""
        try:
            process = self._process = self._process or _start()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"%d\n" % number)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            log.warning("The helper ended by itself", exc_info=True)
            self.end()
            return None
        return answer if isinstance(answer, dict) else None

    def end(self) -> None:
        """Let it go; it ends when its input does."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            for stream in (process.stdin, process.stdout):
                try:
                    stream.close()
                except OSError:
                    log.debug("The helper was gone already")
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "zaguan.channels.email.helping"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (our own program)


def help_out() -> None:
    """The helper's side: a number in, what became of that mail out; until the input ends."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    django.setup()
    from zaguan.channels.email.receiving_mail import process

    for line in sys.stdin.buffer:
        outcome = process(int(line))
        sys.stdout.write(json.dumps(outcome.as_json()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    help_out()
