"""The worker process: threads for jobs, for each lane of the clock, and for receiving mail."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import groupby

from django.conf import settings
from django.db import Error, close_old_connections

from zaguan.channels.email.fetchers import run_fetchers
from zaguan.channels.email.helping import stand_by
from zaguan.channels.email.receivers import run_receivers
from zaguan.config.doors import listen
from zaguan.config.forking import fork
from zaguan.config.schedule import SCHEDULE, Entry
from zaguan.events import claiming, turns, working
from zaguan.events.waking import Bell
from zaguan.events.workers import own_name

log = logging.getLogger("zaguan.worker")

# So that one slow webhook does not hold up every other reaction: one thread works, the others take what it leaves
# waiting for so many seconds. Several at once would only take the processor from one another.
LATE = (0.0, 0.2, 0.4)
# Jobs come in crowds: whoever takes them together asks, locks and writes once for all.
GATHER = 0.02
# Without a commit, a job planned for later is noticed within this time.
LONGEST_SLEEP = 1.0
BEAT = "worker is alive"
BEAT_EVERY = timedelta(seconds=5)


def work(smtp_socket: int | None = None) -> int:
    """Run until SIGTERM; what is in hand is finished, the rest stays in the table."""
    # Threads that wait for mail must not wait five milliseconds for one that thinks.
    sys.setswitchinterval(0.001)
    # As long as there is neither a thread nor a connection.
    if (os.cpu_count() or 1) > 1:
        stand_by(fork)
    bell, name = Bell(), own_name()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: bell.stop())
    door = socket.socket(fileno=smtp_socket) if smtp_socket is not None else own_door()
    work_of_threads = [
        *loops(bell, name),
        partial(run_fetchers, bell.stopped),
        partial(run_receivers, door, bell.stopped),
    ]
    threads = [threading.Thread(target=forever, args=(loop, bell), daemon=True) for loop in work_of_threads]
    for thread in threads:
        thread.start()
    while not bell.stopped():
        time.sleep(0.2)
    bell.ring()
    end = time.monotonic() + 8
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    turns.release(name)
    return 0


def own_door() -> socket.socket | None:
    """The mail receiver's socket of a worker that runs alone; the first one on a machine gets it."""
    try:
        return listen(settings.SMTP_HOST, settings.SMTP_PORT) if settings.SMTP_PORT else None
    except OSError:
        log.warning("Port %s is taken; this worker receives no mail by SMTP.", settings.SMTP_PORT)
        return None


def loops(bell: Bell, name: str) -> list[Callable[[], None]]:
    """What each thread does."""
    lanes = groupby(sorted(SCHEDULE, key=lambda entry: entry.lane), key=lambda entry: entry.lane)
    return [
        bell.watch,
        partial(beat, bell, name),
        *(partial(jobs, bell, name, late) for late in LATE),
        *(partial(lane, list(entries), bell, name) for _, entries in lanes),
    ]


def forever(loop: Callable[[], None], bell: Bell) -> None:
    """Run `loop` until we stop; what ends it by accident is written down, and it starts again."""
    while not bell.stopped():
        try:
            loop()
        except Error:
            log.warning("The database does not answer; trying again.", exc_info=True)
        except Exception:
            log.exception("A thread of the worker failed; it starts again.")
        close_old_connections()
        if not bell.stopped():
            time.sleep(1)


def beat(bell: Bell, name: str) -> None:
    """Say that this worker lives, and keep its leases."""
    while not bell.stopped():
        turns.mark(BEAT)
        claiming.renew(name)
        end = time.monotonic() + BEAT_EVERY.total_seconds()
        while not bell.stopped() and time.monotonic() < end:
            time.sleep(0.2)


def jobs(bell: Bell, name: str, late: float = 0) -> None:
    """Work off the part of the job table that has waited for so many seconds."""
    seen = -1
    while not bell.stopped():
        seen = bell.wait(seen, LONGEST_SLEEP)
        time.sleep(late)
        while not bell.stopped() and (done := working.work_off(name, late)):
            if done < claiming.BATCH:
                time.sleep(GATHER)


def lane(entries: list[Entry], bell: Bell, name: str) -> None:
    """Run the entries of one lane when they are due."""
    due = dict.fromkeys(entries, 0.0)
    seen = -1
    while not bell.stopped():
        rung = bell.wait(seen, min(LONGEST_SLEEP, max(0.0, min(due.values()) - time.monotonic())))
        news, seen = rung != seen, rung
        for entry in entries:
            if bell.stopped() or not (time.monotonic() >= due[entry] or (news and entry.after_commits)):
                continue
            more = run_entry(entry, name)
            due[entry] = time.monotonic() + (0 if more else entry.seconds)


def run_entry(entry: Entry, name: str) -> bool:
    """Once, unless another worker has its turn; says whether there is more to do at once."""
    if entry.shared:
        return bool(entry.run())
    lease = timedelta(seconds=entry.lease)
    if turns.take(entry.name, name, every=entry.every, lease=lease):
        turns.run(entry.name, entry.run, name)
    return False
