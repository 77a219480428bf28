"""kill -9 at any moment: every reaction runs, what was finished is not repeated by the hundred, nothing is stuck."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from zaguan.testing.bare import Bare, bare_installation

CODE = "import django; django.setup(); from zaguan.events.tests import killed_worker; killed_worker.main()"
SCRIPT = ("-c", CODE)
EVENTS, KILLS = 100, 5


@pytest.fixture(scope="module")
def desk() -> Iterator[Bare]:
    with bare_installation() as found:
        yield found


def left(desk: Bare) -> dict[str, int]:
    found: dict[str, int] = json.loads(
        desk.python("""
            import json
            from zaguan.events.models import EventRecord, Job
            echoes = EventRecord.objects.filter(kind__endswith="Echoed")
            print(json.dumps({
                "jobs": Job.objects.count(),
                "failed": Job.objects.exclude(failed_at=None).count(),
                "echoed": echoes.values("ticket_id").distinct().count(),
            }))
        """)
    )
    return found


def strokes(desk: Bare) -> Counter[str]:
    path = desk.data / "strokes"
    return Counter(path.read_text().splitlines()) if path.exists() else Counter()


def kill_while_working(desk: Bare, chance: random.Random) -> None:
    """Start a worker, let it do something, and end it without warning."""
    done = len(strokes(desk))
    with desk.start(*SCRIPT, "work") as worker:
        give_up = time.monotonic() + 30
        while len(strokes(desk)) < done + chance.randrange(1, 25) and time.monotonic() < give_up:
            time.sleep(0.002)
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def test_every_reaction_runs_though_workers_are_killed_all_the_time(desk: Bare) -> None:
    desk.run(*SCRIPT, "strike", str(EVENTS))
    chance = random.Random(7)
    for _ in range(KILLS):
        kill_while_working(desk, chance)
    finish(desk)
    counted = strokes(desk)
    assert set(counted) == {f"{name} {number}" for name in ("first", "last") for number in range(EVENTS)}
    found = left(desk)
    assert found == {"jobs": 0, "failed": 0, "echoed": EVENTS}
    # A kill may repeat the one batch that was in hand, never more.
    assert sum(counted.values()) - len(counted) <= KILLS * 2 * 20


def finish(desk: Bare) -> None:
    with desk.start(*SCRIPT, "work"):
        end = time.monotonic() + 60
        while left(desk)["jobs"] and time.monotonic() < end:
            time.sleep(0.1)


def test_two_workers_share_the_work_and_do_nothing_twice(desk: Bare) -> None:
    (desk.data / "strokes").unlink(missing_ok=True)
    desk.run(*SCRIPT, "strike", "60")
    with desk.start(*SCRIPT, "work") as one, desk.start(*SCRIPT, "work") as other:
        end = time.monotonic() + 60
        while sum(strokes(desk).values()) < 120 and time.monotonic() < end:
            time.sleep(0.05)
        assert is_running(one)
        assert is_running(other)
    assert set(strokes(desk).values()) == {1}


def is_running(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None
