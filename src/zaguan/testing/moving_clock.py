"""`zaguan serve` with a clock that a test moves forward: python -m zaguan.testing.moving_clock FILE serve.

FILE holds the seconds by which the clock is ahead. Every part reads it a few times a second.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

LOOK_EVERY = 0.1


class MovingClock:
    """The clock of this process, ahead of the real one by what the file says."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.ahead = 0.0

    def start(self) -> None:
        """From now on this process tells the moved time. Called in each part, after it was forked."""
        self.ahead = self._told()
        self.coordinates = time_machine.travel(self._moment(time.time()), tick=True).start()
        threading.Thread(target=self._follow, daemon=True).start()

    def _moment(self, now: float) -> datetime:
        return datetime.fromtimestamp(now + self.ahead, UTC)

    def _told(self) -> float:
        return float(self.file.read_text() or 0) if self.file.exists() else 0.0

    def _follow(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY):
            told = self._told()
            if told != self.ahead:
                self.ahead = told
                now = time_machine.escape_hatch.time.time()
                self.coordinates.move_to(self._moment(now), tick=True)


def main(words: list[str]) -> int:
    """Run a `zaguan` command; the parts that it forks follow the file."""
    clock = MovingClock(Path(words[0]))
    os.register_at_fork(after_in_child=clock.start)
    from zaguan.__main__ import main as zaguan

    return zaguan(words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
