"""How fast events become reactions: rows written, jobs worked off, and how long one waits.

python bench/jobs.py            on the database of DATABASE_URL, or SQLite; in a database of its own
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

EVENTS = 2000
REACTIONS = 8
PACED, PER_SECOND = 200, 25
waits: list[float] = []


def prepare() -> dict[int, type[Any]]:
    """Django, and an event with one reaction beside one with eight."""
    import django

    django.setup()
    from zaguan.events.base import Event, on

    @dataclass(frozen=True, kw_only=True)
    class Once(Event):
        at: float

    @dataclass(frozen=True, kw_only=True)
    class Often(Event):
        at: float

    def reaction(number: int, event: Any) -> None:
        if number == 0:
            waits.append(time.time() - event.at)

    for kind, count in ((Once, 1), (Often, REACTIONS)):
        for number in range(count):
            run = partial(reaction, number)
            run.__module__, run.__qualname__ = __name__, f"reaction_{number}"  # type: ignore[attr-defined]
            on(kind)(run)
    return {1: Once, REACTIONS: Often}


def write(kind: type[Any], count: int, per_second: float = 0) -> float:
    """Record events, each in its own transaction; returns the seconds it took."""
    from django.db import transaction

    from zaguan.events.base import SYSTEM
    from zaguan.events.recording import record

    began = time.monotonic()
    for index in range(count):
        if per_second:
            time.sleep(max(0.0, began + index / per_second - time.monotonic()))
        with transaction.atomic():
            record(kind(at=time.time()), by=SYSTEM)
    return time.monotonic() - began


def work_off(count: int) -> float:
    """The worker's own loops until `count` reactions have run; returns the seconds it took."""
    from zaguan.config import background
    from zaguan.events.waking import Bell
    from zaguan.events.workers import own_name

    bell, target = Bell(), len(waits) + count
    jobs = [partial(background.jobs, bell, own_name(), late) for late in background.LATE]
    loops: list[Callable[[], None]] = [bell.watch, *jobs]
    threads = [threading.Thread(target=loop) for loop in loops]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    while len(waits) < target:
        time.sleep(0.005)
    took = time.monotonic() - began
    bell.stop()
    for thread in threads:
        thread.join()
    return took


def inside() -> None:
    """In the measured process: prints one JSON object."""
    kinds = prepare()
    found: dict[str, float] = {}
    for reactions, kind in kinds.items():
        cpu = time.process_time()
        found[f"events recorded per second ({reactions} later)"] = EVENTS / write(kind, EVENTS)
        found[f"  CPU ms each ({reactions} later)"] = (time.process_time() - cpu) / EVENTS * 1000
        cpu = time.process_time()
        found[f"jobs worked off per second ({reactions} reactions each)"] = EVENTS / work_off(EVENTS)
        found[f"  CPU ms for each job ({reactions} reactions)"] = (time.process_time() - cpu) / EVENTS * 1000
    waits.clear()
    feeder = subprocess.Popen([sys.executable, __file__, "feed"])
    work_off(PACED)
    feeder.wait()
    found[f"wait at {PER_SECOND} a second, p50 ms"] = statistics.median(waits) * 1000
    found[f"wait at {PER_SECOND} a second, p95 ms"] = statistics.quantiles(waits, n=20)[-1] * 1000
    print(json.dumps(found))


def main() -> None:
    """In a database of its own, removed afterwards."""
    from zaguan.testing.bare import bare_installation

    with bare_installation() as desk:
        done = desk.run(__file__, "inside", seconds=900)
    for what, value in json.loads(done.stdout.splitlines()[-1]).items():
        print(f"{what:50} {value:10.1f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["inside"]:
        inside()
    elif sys.argv[1:] == ["feed"]:
        write(prepare()[1], PACED, PER_SECOND)
    else:
        main()
