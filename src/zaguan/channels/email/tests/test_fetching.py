"""A real IMAP server: every mail becomes one entry, whatever happens on the way (R01, bug 10)."""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from imap_tools import MailBoxUnencrypted

from zaguan.channels.email import fetching
from zaguan.channels.email.accounts import keep_secrets
from zaguan.channels.email.fetchers import Fetcher, connect, hold
from zaguan.channels.email.fetching import Care, fetch_inbox
from zaguan.channels.email.mailbox import Mailbox
from zaguan.channels.email.receiving_mail import process_pending
from zaguan.channels.email.reconciling import reconcile
from zaguan.conversations.models import FolderCursor, Inbox, Message, RawMessage
from zaguan.events.models import EventRecord
from zaguan.testing.servers import Dovecot
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
USER, PASSWORD = "soporte@example.com", "secreto-imap"


def a_mail(number: int, body: str = "Hola") -> bytes:
    return (
        f"From: Dan <dan{number % 20}@customer.example>\r\nTo: help@zaguan.example\r\n"
        f"Subject: Pedido {number}\r\nMessage-ID: <m{number}@customer.example>\r\n"
        f"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\n{body} {number}\r\n"
    ).encode()


@pytest.fixture
def server(imap_server: Dovecot) -> Iterator[MailBoxUnencrypted]:
    """The account, emptied, as a mail program sees it."""
    with MailBoxUnencrypted(imap_server.host, imap_server.port).login(USER, PASSWORD) as box:
        for folder in [each.name for each in box.folder.list() if each.name != "INBOX"]:
            box.folder.delete(folder)
        if box.uids():
            box.delete(box.uids())
        yield box


@pytest.fixture
def inbox(world: World, imap_server: Dovecot) -> Inbox:
    imap = {"host": imap_server.host, "port": imap_server.port, "security": "none", "user": USER}
    world.inbox.settings = {"imap": imap | {"poll_seconds": 1}}
    world.inbox.save()
    keep_secrets(world.inbox, imap_password=PASSWORD)
    return world.inbox


def put(server: MailBoxUnencrypted, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        server.append(a_mail(number), flag_set=["\\Seen"] if number % 10 < 3 else [])


def fetch(inbox: Inbox) -> int:
    mailbox = connect(inbox)
    try:
        return fetch_inbox(inbox, mailbox)
    finally:
        mailbox.close()


def test_everything_comes_in_once_whatever_its_flags(server: MailBoxUnencrypted, inbox: Inbox) -> None:
    put(server, 10)
    assert fetch(inbox) == 10
    assert fetch(inbox) == 0
    assert Message.objects.count() == 10
    flags = [message.flags for message in server.fetch(mark_seen=False)]
    assert sum("\\Seen" in each for each in flags) == 3


class Breaking(Mailbox):
    """A line that breaks after so many mails."""

    left = 137

    def contents(self, uids: Any, *, header_only: bool = False) -> dict[int, bytes]:
        found = super().contents(uids, header_only=header_only)
        type(self).left -= len(found)
        if self.left <= 0:
            self._box.client.shutdown()
            raise imaplib.IMAP4.abort("the line broke")
        return found


def test_a_broken_line_two_fetchers_and_new_numbers_lose_and_double_nothing(
    server: MailBoxUnencrypted, inbox: Inbox, imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, 500)
    monkeypatch.setattr("zaguan.channels.email.fetchers.Mailbox", Breaking)
    with pytest.raises(imaplib.IMAP4.abort):
        fetch(inbox)
    monkeypatch.undo()
    assert 0 < RawMessage.objects.count() < 500
    at_once(lambda: fetch(inbox), lambda: fetch(inbox))
    assert (RawMessage.objects.count(), Message.objects.count()) == (500, 500)
    # The folder is made anew, as after a restore of the server: other UIDVALIDITY, UIDs from 1.
    FolderCursor.objects.update(uid_validity=1)
    RawMessage.objects.update(uid_validity=1)
    put(server, 3, first=500)
    assert fetch(inbox) == 3
    assert (RawMessage.objects.count(), Message.objects.count()) == (503, 503)
    assert Ticket.objects.count() == 503


def at_once(*works: Callable[[], object]) -> None:
    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (told below)
            problems.append(error)
        finally:
            connection.close()

    problems: list[Exception] = []
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_moved_to_another_folder_is_the_same_mail(server: MailBoxUnencrypted, inbox: Inbox) -> None:
    put(server, 3)
    fetch(inbox)
    server.folder.create("Clientes")
    server.move(server.uids(), "Clientes")
    inbox.settings["imap"]["folders"] = ["INBOX", "Clientes"]
    assert fetch(inbox) == 0
    assert Message.objects.count() == 3


def test_a_mail_above_the_limit_is_a_ticket_of_its_header(
    server: MailBoxUnencrypted, inbox: Inbox, settings: Any
) -> None:
    settings.MAIL_SIZE_LIMIT = 2000
    server.append(a_mail(1))
    server.append(a_mail(2, body="x" * 3000))
    server.append(a_mail(3))
    assert fetch(inbox) == 3
    large = Message.objects.get(subject="Pedido 2")
    assert "x" * 100 not in large.text
    assert large.details["warnings"]


def test_new_account_may_leave_old_mail_alone(server: MailBoxUnencrypted, inbox: Inbox) -> None:
    inbox.settings["imap"]["start"] = "new"
    put(server, 5)
    assert fetch(inbox) == 0
    put(server, 2, first=5)
    assert fetch(inbox) == 2
    mailbox = connect(inbox)
    assert reconcile(inbox, "INBOX", mailbox) == 0
    mailbox.close()


def test_reconciling_finds_what_was_missed(server: MailBoxUnencrypted, inbox: Inbox) -> None:
    put(server, 6)
    fetch(inbox)
    lost = Message.objects.get(subject="Pedido 4")
    Ticket.objects.filter(pk=lost.ticket_id).delete()
    RawMessage.objects.filter(pk=lost.raw_id or 0).delete()
    mailbox = connect(inbox)
    assert reconcile(inbox, "INBOX", mailbox) == 1
    assert Message.objects.filter(subject="Pedido 4").count() == 1
    assert reconcile(inbox, "INBOX", mailbox) == 0
    mailbox.close()
    cursor = FolderCursor.objects.get()
    assert (cursor.missing, cursor.reconciled_at is None) == (0, False)
    assert EventRecord.objects.filter(kind="conversations.InboxTroubled").count() == 1


class Poisoned(Mailbox):
    """A server that breaks off whenever it is asked for one certain mail."""

    def contents(self, uids: Any, *, header_only: bool = False) -> dict[int, bytes]:
        found = super().contents(uids, header_only=header_only)
        if any(b"Pedido 2" in content for content in found.values()):
            self.asking = uids[0] if len(uids) == 1 else None
            self._box.client.shutdown()
            raise imaplib.IMAP4.abort("malformed")
        return found


def test_one_mail_that_breaks_the_line_does_not_block_the_others(
    server: MailBoxUnencrypted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, 5)
    monkeypatch.setattr("zaguan.channels.email.fetchers.Mailbox", Poisoned)
    monkeypatch.setattr("zaguan.channels.email.fetchers._pause", lambda seconds, stopped: None)
    looks = iter(range(8))
    Fetcher(inbox.pk, lambda: next(looks, None) is None, worker="a").run()
    assert Message.objects.count() == 4
    failed = RawMessage.objects.get(state=RawMessage.State.FAILED)
    assert "breaks off" in failed.reason or "interrumpe" in failed.reason
    inbox.refresh_from_db()
    assert inbox.last_error == ""


def test_a_server_that_refuses_one_mail_has_it_listed(
    server: MailBoxUnencrypted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, 3)
    fetch_all = Mailbox.contents

    def refuse(self: Mailbox, uids: Any, *, header_only: bool = False) -> dict[int, bytes]:
        found = fetch_all(self, uids, header_only=header_only)
        if any(b"Pedido 1" in content for content in found.values()):
            raise imaplib.IMAP4.error("[SERVERBUG] cannot render")
        return found

    monkeypatch.setattr(Mailbox, "contents", refuse)
    mailbox = connect(inbox)
    assert fetch_inbox(inbox, mailbox, Care()) == 2
    mailbox.close()
    assert "SERVERBUG" in RawMessage.objects.get(state=RawMessage.State.FAILED).reason
    assert Message.objects.count() == 2


def test_trouble_is_told_once_and_its_end_as_well(
    server: MailBoxUnencrypted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zaguan.channels.email.fetchers._pause", lambda seconds, stopped: None)
    keep_secrets(inbox, imap_password="falsch")
    for _try in range(2):
        Fetcher(inbox.pk, lambda: False, worker="a").look(Inbox.objects.get(pk=inbox.pk))
    inbox.refresh_from_db()
    assert USER in inbox.last_error
    keep_secrets(inbox, imap_password=PASSWORD)
    looked = iter([0])
    fetcher = Fetcher(inbox.pk, lambda: next(looked, None) is None, worker="a")
    fetcher.run()
    inbox.refresh_from_db()
    assert inbox.last_error == ""
    assert inbox.last_success_at is not None
    told = EventRecord.objects.filter(kind="conversations.InboxTroubled").order_by("id")
    assert [bool(event.data["reason"]) for event in told] == [True, False]


def test_only_one_worker_holds_a_mailbox(inbox: Inbox) -> None:
    assert hold(inbox.pk, "one")
    assert hold(inbox.pk, "one")
    assert not hold(inbox.pk, "two")


def test_what_an_absent_database_leaves_behind_is_taken_up(
    server: MailBoxUnencrypted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(number: int) -> None:
        raise OperationalError("the server closed the connection")

    put(server, 3)
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "process", away)
        with pytest.raises(OperationalError):
            fetch(inbox)
    RawMessage.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    assert process_pending() == 3
    assert Message.objects.count() == 3
