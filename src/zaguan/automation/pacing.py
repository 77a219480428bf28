"""Long work in short transactions: others write in between, and no job holds up the ones behind it."""

from __future__ import annotations

import time
from collections.abc import Callable

# One transaction, so short that nobody notices waiting for it; then a pause in which others write. A writer who
# waits for SQLite looks every 25 ms for the first tenth of a second: a pause of 30 ms lets everyone in at once.
BATCH_SECONDS, PAUSE = 0.06, 0.03
# One job; then it lines up again behind what else waits.
SLICE_SECONDS = 2.0
FIRST, LEAST, LARGEST = 20, 2, 400
# After mail and the reactions to events.
PRIORITY = 5


def work_for_a_while(batch: Callable[[int], int]) -> bool:
    """Call `batch` with how many to do until it did none; says whether time ended before the work did."""
    size, began = FIRST, time.monotonic()
    while True:
        started = time.monotonic()
        if batch(size) == 0:
            return False
        took = max(time.monotonic() - started, 0.001)
        size = max(LEAST, min(LARGEST, int(size * min(2.0, BATCH_SECONDS / took))))
        time.sleep(PAUSE)
        if time.monotonic() - began > SLICE_SECONDS:
            return True
