"""The clock: each line names a function that is there, and a lane runs what is due."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from zaguan.config import background
from zaguan.config.schedule import SCHEDULE, Entry
from zaguan.events.models import Turn
from zaguan.events.waking import Bell

ran: list[str] = []


def tick() -> int:
    """Pretends that there is more to do twice."""
    ran.append("tick")
    return 1 if len(ran) < 3 else 0


def fail() -> None:
    raise RuntimeError("the spring broke")


def entry(name: str, **fields: Any) -> Entry:
    return Entry(name, 60, f"{__name__}:{name}", **fields)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.mark.parametrize("line", SCHEDULE, ids=lambda line: line.name)
def test_every_line_names_a_function(line: Entry) -> None:
    module, name = line.function.split(":")
    assert callable(getattr(import_module(module), name))


def test_names_are_not_used_twice() -> None:
    assert len({line.name for line in SCHEDULE}) == len(SCHEDULE)


def test_each_function_stands_in_one_line() -> None:
    assert len({line.function for line in SCHEDULE}) == len(SCHEDULE)


@pytest.mark.django_db
def test_one_worker_has_the_turn_until_it_is_due_again() -> None:
    for worker in ("machine/1/100", "machine/1/200", "machine/1/100"):
        background.run_entry(entry("tick"), worker)
    assert ran == ["tick"]


@pytest.mark.django_db
def test_what_fails_is_remembered_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    background.run_entry(entry("fail"), "machine/1/100")
    turn = Turn.objects.get()
    assert "the spring broke" in turn.error
    assert (turn.leased_until, turn.leased_by) == (None, "")


@pytest.mark.django_db(transaction=True)
def test_a_lane_goes_on_while_there_is_more_to_do_and_stops_with_the_bell() -> None:
    bell = Bell()

    def run() -> None:
        background.lane([entry("tick", shared=True)], bell, "machine/1/100")
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(100):
        if len(ran) >= 3:
            break
        thread.join(0.05)
    bell.stop()
    thread.join(5)
    assert ran == ["tick"] * 3
    assert not thread.is_alive()
