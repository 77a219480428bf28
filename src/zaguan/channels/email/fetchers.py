"""One thread for each mailbox: look, take in, wait for news; a mailbox in trouble is shown and tried again (R06)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from zaguan.channels.email.accounts import folders, imap_server, poll_seconds, secrets_of
from zaguan.channels.email.fetching import Care, fetch_inbox
from zaguan.channels.email.late_mail import take_late
from zaguan.channels.email.mailbox import TROUBLE, Mailbox
from zaguan.channels.email.oauth import OAuthBusy, OAuthTrouble, access_token
from zaguan.channels.email.troubles import explain
from zaguan.conversations.events import InboxTroubled
from zaguan.conversations.models import Inbox
from zaguan.events import turns
from zaguan.events.base import SYSTEM
from zaguan.events.models import Turn
from zaguan.events.pausing import is_paused
from zaguan.events.recording import record
from zaguan.events.workers import own_name

log = logging.getLogger(__name__)

# Somebody else may fetch when the one who does has not been heard of for so long.
_LEASE = timedelta(seconds=90)
# Nothing blocks longer, so that stopping is quick and the lease is renewed.
_LONGEST_WAIT = 10.0
_LONGEST_PAUSE = 300.0
_LOOK_FOR_INBOXES = 3.0
# Success is written down at most this often.
_TELL_EVERY = timedelta(seconds=20)


def run_fetchers(stopped: Callable[[], bool]) -> None:
    """Keep a thread for every mailbox in use, until `stopped()`."""
    threads: dict[int, threading.Thread] = {}
    # Whoever starts us anew after a fault starts new threads; ours must not go on beside them.
    ended = threading.Event()
    try:
        while not stopped():
            for number in _mailboxes():
                if number not in threads or not threads[number].is_alive():
                    fetcher = Fetcher(number, lambda: stopped() or ended.is_set())
                    threads[number] = threading.Thread(
                        target=fetcher.run, name=f"mailbox {number}", daemon=True
                    )
                    threads[number].start()
            _pause(_LOOK_FOR_INBOXES, stopped)
    finally:
        ended.set()
        for thread in threads.values():
            thread.join(_LONGEST_WAIT)
        connection.close()


def _mailboxes() -> list[int]:
    if is_paused():
        return []
    inboxes = Inbox.objects.filter(kind="email", is_active=True)
    return [inbox.pk for inbox in inboxes if imap_server(inbox) is not None]


def _pause(seconds: float, stopped: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stopped() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))


class Fetcher:
    """Looks after one mailbox."""

    def __init__(self, number: int, stopped: Callable[[], bool], *, worker: str = "") -> None:
        self._number = number
        self._stopped = stopped
        self._worker = worker or own_name()
        self._mailbox: Mailbox | None = None
        # What the open connection was made with; other settings need another one.
        self._made_with: tuple[object, str] | None = None
        self._failures = 0
        self._care = Care()

    def run(self) -> None:
        """Go on until stopped, or until the inbox is switched off."""
        try:
            while not self._stopped():
                inbox = Inbox.objects.filter(pk=self._number, is_active=True).first()
                if inbox is None or imap_server(inbox) is None:
                    return
                if not hold(self._number, self._worker):
                    self._hang_up()
                    _pause(_LONGEST_WAIT, self._stopped)
                    continue
                self.look(inbox)
        finally:
            self._hang_up()
            Turn.objects.filter(name=_turn(self._number), leased_by=self._worker).update(leased_until=None)
            connection.close()

    def look(self, inbox: Inbox) -> None:
        """Fetch once and wait for news; trouble is written down, and ends with a pause that grows."""
        try:
            mailbox = self._open(inbox)
            self._care.one_by_one = self._failures > 0
            fetch_inbox(inbox, mailbox, self._care)
            take_late(inbox, mailbox, self._care)
            self._failures = 0
            works(inbox)
            self._wait(inbox, mailbox)
        except (*TROUBLE, OAuthTrouble, ValueError) as error:
            self._care.blame(self._mailbox.asking if self._mailbox else None)
            self._hang_up()
            self._failures += 1
            in_trouble(inbox, explain(error, imap_server(inbox)))
            pause = min(2.0**self._failures, _LONGEST_PAUSE)
            _pause(max(pause, error.after) if isinstance(error, OAuthBusy) else pause, self._stopped)

    def _open(self, inbox: Inbox) -> Mailbox:
        """The open connection, or a new one after a change of the settings."""
        server = imap_server(inbox)
        assert server is not None
        made_with = (server, inbox.sealed_secrets)
        if self._mailbox is not None and (server.uses_oauth or self._made_with == made_with):
            return self._mailbox
        self._hang_up()
        self._mailbox = connect(inbox)
        self._made_with = made_with
        return self._mailbox

    def _wait(self, inbox: Inbox, mailbox: Mailbox) -> None:
        """By IDLE where one folder is all there is, else until it is time to look again."""
        end = time.monotonic() + poll_seconds(inbox)
        idle = mailbox.can_wait and len(folders(inbox)) == 1
        while not self._stopped() and (left := end - time.monotonic()) > 0:
            if not idle:
                _pause(min(left, _LONGEST_WAIT), self._stopped)
            elif mailbox.wait(min(left, 2.0)):
                return
            hold(self._number, self._worker)

    def _hang_up(self) -> None:
        if self._mailbox is not None:
            self._mailbox.close()
        self._mailbox, self._made_with = None, None


def connect(inbox: Inbox) -> Mailbox:
    """Sign in to the inbox's mailbox; a token that the server refuses is renewed once, for clocks differ."""
    server = imap_server(inbox)
    if server is None:
        raise ValueError("This inbox has no mailbox.")
    if not server.uses_oauth:
        return Mailbox(server, str(secrets_of(inbox).get("imap_password") or ""))
    try:
        return Mailbox(server, access_token(inbox))
    except TROUBLE as error:
        if isinstance(error, OSError):
            raise
        return Mailbox(server, access_token(inbox, renew=True))


def hold(number: int, worker: str) -> bool:
    """Take or keep the right to fetch this mailbox; False while another worker has it."""
    mine = Turn.objects.filter(name=_turn(number), leased_by=worker, leased_until__gt=timezone.now())
    if mine.update(leased_until=timezone.now() + _LEASE):
        return True
    return turns.take(_turn(number), worker, every=timedelta(0), lease=_LEASE)


def _turn(number: int) -> str:
    return f"mailbox {number}"


@transaction.atomic
def works(inbox: Inbox) -> None:
    """Write down that fetching works; after trouble, tell that it works again."""
    now = timezone.now()
    fresh = Inbox.objects.only("last_success_at", "last_error").get(pk=inbox.pk)
    if fresh.last_error:
        Inbox.objects.filter(pk=inbox.pk).update(last_error="", last_success_at=now)
        record(InboxTroubled(inbox_id=inbox.pk, reason=""), by=SYSTEM)
    elif fresh.last_success_at is None or now - fresh.last_success_at > _TELL_EVERY:
        Inbox.objects.filter(pk=inbox.pk).update(last_success_at=now)


@transaction.atomic
def in_trouble(inbox: Inbox, reason: str) -> None:
    """Write down what is wrong; it is told once, not with every try."""
    log.warning("Inbox %s: %s", inbox.pk, reason)
    known = Inbox.objects.values_list("last_error", flat=True).get(pk=inbox.pk)
    Inbox.objects.filter(pk=inbox.pk).update(last_error=reason, last_error_at=timezone.now())
    if known != reason:
        record(InboxTroubled(inbox_id=inbox.pk, reason=reason), by=SYSTEM)
