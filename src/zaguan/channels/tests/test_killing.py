"""Workers that die at every step, and requests that meet: at most one delivery, and the truth about the rest (R03, bug 5)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zaguan.testing.installation import own_database
from zaguan.testing.servers import Sink, smtp_sink

Run = Callable[..., Any]
SAFE = [
    "after the claim",
    "before the connection",
    "after the connection",
    "after the recipients",
    "before it is marked",
]
IN_DOUBT = ["after it is marked", "before the data", "after the data", "before it is recorded"]
DONE = ["after it is recorded"]


@pytest.fixture(scope="module")
def server() -> Iterator[Sink]:
    with smtp_sink() as running:
        yield running


@pytest.fixture(scope="module")
def run(server: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs rehearsal.py on a database of its own; returns what it tells."""
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    with own_database() as database:
        environment = {
            **os.environ,
            "ZAGUAN_DATA": str(folder),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "zaguan.config.settings",
        }

        def call(*arguments: str) -> Any:
            command = [sys.executable, "-m", "zaguan.channels.tests.rehearsal", *arguments]
            done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
            assert done.returncode == 0, done.stderr.decode()[-4000:]
            return json.loads(done.stdout)

        call("prepare", str(server.port), "10")
        yield call


def taken(server: Sink) -> Counter[str]:
    """How often each address got a mail."""
    return Counter(address for message in server.messages for address in message.recipients)


def test_a_worker_killed_at_any_step_never_sends_twice(run: Run, server: Sink) -> None:
    points = [*SAFE, *IN_DOUBT, *DONE]
    assert run("work", *points) == [signal.SIGKILL] * len(points)
    states = run("clean_up")
    got = taken(server)
    assert len(states) == len(points)
    for place, point in enumerate(points):
        [address] = [each for each in states if each.endswith(f"-{place}@customer.example")]
        expected = "unknown" if point in IN_DOUBT else "sent"
        assert (point, states[address]) == (point, expected)
        allowed = (0, 1) if point in IN_DOUBT else (1,)
        assert got[address] in allowed, point
    # What is unknown stays so until a person decides.
    assert run("clean_up") == states
    assert taken(server) == got


def test_the_same_request_many_times_at_once_happens_once(run: Run) -> None:
    assert run("meet_same_key") == {
        "answers": 1,
        "tickets": 1,
        "retried": [["2", 1], ["refused: Refused", 7]],
        "deliveries": 2,
        "messages": 2,
        "opened": 1,
    }
    run("clean_up")


def test_many_workers_at_once_send_each_message_once(run: Run, server: Sink) -> None:
    told = run("meet_workers", "30")
    assert [state for _address, state in told] == ["sent"] * 30
    assert [taken(server)[address] for address, _state in told] == [1] * 30


def test_undo_and_sending_cannot_both_win(run: Run, server: Sink) -> None:
    for address, outcome, state in run("meet_undo", "15"):
        if outcome == "withdrawn":
            assert (state, taken(server)[address]) == (None, 0)
        else:
            assert (state, taken(server)[address]) == ("sent", 1)
