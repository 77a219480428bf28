"""Run by test_killed_workers.py as a process of its own: works jobs off until it is killed.

Each reaction writes its line to a file that lives longer than the process, in the place of the world outside.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from django.db import transaction

from zaguan.config import background
from zaguan.events.base import SYSTEM, Event, on
from zaguan.events.claiming import release_dead
from zaguan.events.recording import record
from zaguan.events.waking import Bell
from zaguan.events.workers import own_name


class Struck(Event):
    """Its ticket_id is the number of the stroke."""


class Echoed(Event):
    """Written by a reaction, in its own transaction."""


def write(event: Struck, name: str) -> None:
    """One write of one line, so that a kill cannot cut it."""
    line = f"{name} {event.ticket_id}\n".encode()
    handle = os.open(Path(os.environ["ZAGUAN_DATA"]) / "strokes", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, line)
    os.close(handle)


@on(Struck)
def first(event: Struck) -> None:
    write(event, "first")


@on(Struck)
@transaction.atomic
def echo(event: Struck) -> None:
    record(Echoed(ticket_id=event.ticket_id), by=SYSTEM)


@on(Struck)
def last(event: Struck) -> None:
    time.sleep(0.002)
    write(event, "last")


def main() -> None:
    """`strike N`, or `work`."""
    if sys.argv[1] == "strike":
        for number in range(int(sys.argv[2])):
            with transaction.atomic():
                record(Struck(ticket_id=number), by=SYSTEM)
    else:
        release_dead()
        background.jobs(Bell(), own_name())
