"""Whoever follows the event table gets each row once, whatever order transactions commit in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from zaguan.events.base import SYSTEM, Event
from zaguan.events.following import Follower, here, is_ahead, recent
from zaguan.events.models import EventRecord
from zaguan.events.recording import record
from zaguan.events.waking import Bell, Watch

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)
is_postgresql = connection.vendor == "postgresql"


class Knocked(Event):
    """Somebody knocked; the ticket's number stands for the order."""


def knock(at: int) -> int:
    with transaction.atomic():
        return record(Knocked(ticket_id=at), by=SYSTEM).pk


class Slow(threading.Thread):
    """A transaction that writes its row at once and commits when told to."""

    def __init__(self, at: int) -> None:
        super().__init__(daemon=True)
        self.at = at
        self.written, self.may_commit = threading.Event(), threading.Event()
        self.start()
        assert self.written.wait(5)

    def run(self) -> None:
        with transaction.atomic():
            record(Knocked(ticket_id=self.at), by=SYSTEM)
            self.written.set()
            self.may_commit.wait(5)
        connection.close()

    def commit(self) -> None:
        self.may_commit.set()
        self.join(5)


def drained(follower: Follower, limit: int = 500) -> list[int]:
    found: list[int] = []
    while rows := follower.news(limit):
        found += [row.ticket_id or 0 for row in rows]
    return found


@committing
def test_a_follower_begins_now_and_gets_each_row_once() -> None:
    knock(1)
    follower = Follower()
    # On PostgreSQL a transaction that runs elsewhere in the cluster holds the beginning back a little.
    assert drained(follower) in ([], [1])
    knock(2)
    knock(3)
    assert drained(follower) == [2, 3]
    assert drained(follower) == []


def test_many_rows_come_in_parts_and_none_is_lost() -> None:
    follower = Follower()
    for at in range(25):
        knock(at)
    with transaction.atomic():
        for at in range(25, 50):
            record(Knocked(ticket_id=at), by=SYSTEM)
    assert drained(follower, limit=7) == list(range(50))


@committing
@pytest.mark.skipif(not is_postgresql, reason="SQLite has one writer at a time")
def test_transactions_that_commit_in_reverse_order_are_all_seen() -> None:
    follower = Follower()
    first, second = Slow(1), Slow(2)
    knock(3)
    assert drained(follower) == [3]
    second.commit()
    assert drained(follower) == [2]
    assert drained(follower) == []
    first.commit()
    assert drained(follower) == [1]
    assert drained(follower) == []


@committing
@pytest.mark.skipif(not is_postgresql, reason="SQLite has one writer at a time")
def test_following_by_id_alone_would_lose_a_row() -> None:
    """The trap itself: were this not so, the follower would be needlessly complicated."""
    first = Slow(1)
    last_seen = knock(2)
    first.commit()
    assert not EventRecord.objects.filter(pk__gt=last_seen).exists()


@committing
@pytest.mark.skipif(not is_postgresql, reason="SQLite has one writer at a time")
def test_another_process_resumes_at_a_position_without_losing_what_was_under_way() -> None:
    follower = Follower()
    slow = Slow(1)
    knock(2)
    drained(follower)
    resumed = Follower(follower.position)
    slow.commit()
    assert 1 in drained(resumed)


def test_a_position_from_the_future_is_not_ours() -> None:
    knock(1)
    assert not is_ahead(here())
    assert is_ahead(here() + 1_000_000)


def test_a_new_page_can_ask_for_the_last_seconds() -> None:
    knock(1)
    assert [row.ticket_id for row in recent(10)] == [1]
    assert recent(0) == []


@pytest.fixture
def in_another_thread() -> Iterator[Callable[[Callable[[], object]], None]]:
    threads: list[threading.Thread] = []

    def begin(work: Callable[[], object]) -> None:
        def run() -> None:
            time.sleep(0.15)
            work()
            connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join()


@committing
def test_a_commit_wakes_whoever_watches(in_another_thread: Callable[[Callable[[], object]], None]) -> None:
    watch = Watch()
    while watch.wait(0.05):
        pass
    in_another_thread(lambda: knock(1))
    began = time.monotonic()
    assert watch.wait(5)
    assert time.monotonic() - began < 2
    watch.close()


def test_a_bell_wakes_all_threads_and_stops_them() -> None:
    bell, woken = Bell(), []

    def wait() -> None:
        woken.append(bell.wait(0, 5))

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    bell.stop()
    for thread in threads:
        thread.join(2)
    assert woken == [1, 1, 1]
    assert bell.stopped()
