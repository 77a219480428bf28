"""Mail that streams in: many are stored with one commit, and those that wait are placed several at once."""

from __future__ import annotations

import logging
import threading
import time
from itertools import count
from queue import Empty, PriorityQueue, SimpleQueue

from django.db import connection, transaction

from zaguan.channels.email.finishing import Stored, finish, process_all
from zaguan.channels.email.handing_in import Given, flush_each_commit, keep_given
from zaguan.channels.email.helping import Helper
from zaguan.channels.email.placing import TOGETHER
from zaguan.channels.email.receiving_mail import in_hand

log = logging.getLogger(__name__)

# One commit stores at most this many mails; under light load it is one each.
_BATCH = 64


# So many waiting mails are worth a second process; it goes when it had nothing to do for so long. With one at hand, more than
# so many are worth the time of this process as well: it talks to those who hand in, and holds locks the longer for it.
_MUCH, _CROWD = 40, 4 * TOGETHER
_IDLE_SECONDS = 60.0
# Somebody waits for the answer at the pipe; SMTP has had its own.
_URGENT, _NORMAL, _LAST = 0, 1, 2


class Intake:
    """The threads behind the receivers of one process; `helped` by a second process while much comes in."""

    def __init__(self, *, helped: bool = False) -> None:
        # PostgreSQL lets several write at once; SQLite does not.
        processors = 2 if connection.vendor == "postgresql" else 1
        self._to_store: SimpleQueue[Given | None] = SimpleQueue()
        self._to_process: PriorityQueue[tuple[int, int, Stored | None]] = PriorityQueue()
        self._count = count()
        self._stopping = threading.Event()
        # A second process places mails, and whether more wait than it can do.
        self._is_helped = False
        self._crowded = threading.Event()
        self._storer = threading.Thread(target=self._store_all, name="mail storer", daemon=True)
        self._processors = [
            threading.Thread(target=self._process_all, name=f"mail processor {n}", daemon=True)
            for n in range(processors)
        ]
        if helped:
            self._processors.append(threading.Thread(target=self._help, name="mail helper", daemon=True))

    def start(self) -> None:
        """Start the threads."""
        for thread in (self._storer, *self._processors):
            thread.start()

    def stop(self, seconds: float = 8) -> None:
        """Store what was handed in; what is then not processed in time is taken up after the next start."""
        self._to_store.put(None)
        self._storer.join(seconds)
        self._stopping.set()
        self._crowded.set()
        for _thread in self._processors:
            self._to_process.put((_LAST, next(self._count), None))
        for thread in self._processors:
            thread.join(seconds)

    def give(self, given: Given) -> Given:
        """Hand in a mail; wait for its futures."""
        self._to_store.put(given)
        return given

    def _store_all(self) -> None:
        flush_each_commit()
        try:
            while (first := self._to_store.get()) is not None:
                batch, last = self._batch(first)
                self._store(batch)
                if last:
                    return
        finally:
            connection.close()

    def _batch(self, first: Given) -> tuple[list[Given], bool]:
        """What waits now, and whether the end was among it."""
        batch = [first]
        while len(batch) < _BATCH:
            try:
                given = self._to_store.get_nowait()
            except Empty:
                break
            if given is None:
                return batch, True
            batch.append(given)
        return batch, False

    def _store(self, batch: list[Given]) -> None:
        try:
            with transaction.atomic():
                rows = [keep_given(given) for given in batch]
        except Exception as error:
            connection.close_if_unusable_or_obsolete()
            if len(batch) == 1:
                log.exception("A mail could not be stored")
                batch[0].stored.set_exception(error)
                return
            for given in batch:
                self._store([given])
            return
        for given, (raw, new) in zip(batch, rows, strict=True):
            in_hand.add(raw.pk)
            urgency = _URGENT if given.source == "pipe" else _NORMAL
            self._to_process.put((urgency, next(self._count), Stored(raw, new, given.done)))
            given.stored.set_result(raw)
        if self._to_process.qsize() > _CROWD:
            self._crowded.set()

    def _process_all(self) -> None:
        try:
            while (stored := self._first()) is not None:
                process_all([stored, *self._more()])
        finally:
            connection.close()

    def _first(self) -> Stored | None:
        """What waits longest; as long as the second process can do it all, it is left to that one."""
        while self._is_helped and not self._stopping.is_set() and self._to_process.qsize() <= _CROWD:
            self._crowded.clear()
            self._crowded.wait(1)
        return self._to_process.get()[2]

    def _more(self) -> list[Stored]:
        """Of what waits, as much as is placed at once."""
        found: list[Stored] = []
        while len(found) < TOGETHER - 1:
            try:
                stored = self._to_process.get_nowait()[2]
            except Empty:
                break
            if stored is None:
                self._to_process.put((_LAST, next(self._count), None))
                break
            found.append(stored)
        return found

    def _help(self) -> None:
        """Hand mails to a second process: all, if one stands by; else while more wait than one can do."""
        helper, idle_since = Helper(), time.monotonic()
        try:
            while not self._stopping.is_set():
                self._is_helped = helper.is_running
                if not helper.is_running and self._to_process.qsize() <= _MUCH:
                    self._stopping.wait(0.2)
                elif (stored := self._within(1)) is not None:
                    self._hand_over(helper, stored)
                    idle_since = time.monotonic()
                elif not helper.stays and time.monotonic() - idle_since > _IDLE_SECONDS:
                    helper.end()
        finally:
            self._is_helped = False
            self._crowded.set()
            helper.end()
            connection.close()

    def _within(self, seconds: float) -> Stored | None:
        """What waits longest, if there is anything before the time is over."""
        try:
            return self._to_process.get(timeout=seconds)[2]
        except Empty:
            return None

    def _hand_over(self, helper: Helper, first: Stored) -> None:
        mails = [first, *self._more()]
        new = [stored for stored in mails if stored.new]
        answers = helper.process([stored.raw.pk for stored in new]) if new else []
        finish(zip(new, answers, strict=False))
        # What it could not say, and what is here already.
        process_all([stored for stored in mails if not stored.done.done()])
