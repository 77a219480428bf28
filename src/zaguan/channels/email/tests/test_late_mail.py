"""Mail that appears below the last number comes in at the next visit; a fault leaves no fetcher behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from zaguan.channels.email import fetchers
from zaguan.channels.email.fetchers import connect, run_fetchers
from zaguan.channels.email.fetching import Care, fetch_inbox
from zaguan.channels.email.late_mail import take_late
from zaguan.channels.email.tests.test_fetching import inbox, put, server
from zaguan.conversations.models import FolderCursor, Inbox, Message, RawMessage

__all__ = ["inbox", "server"]


@pytest.mark.django_db
def test_what_appears_below_the_last_number_is_taken_in(server: MailBoxUnencrypted, inbox: Inbox) -> None:
    put(server, 3)
    mailbox, care = connect(inbox), Care()
    validity, coming = mailbox.select("INBOX")
    # As if the first two had not been shown when the third came in.
    FolderCursor.objects.create(
        inbox=inbox, folder="INBOX", uid_validity=validity, last_uid=coming - 2, first_uid=0
    )
    assert fetch_inbox(inbox, mailbox, care) == 1
    assert take_late(inbox, mailbox, care) == 2
    assert take_late(inbox, mailbox, care) == 0
    mailbox.close()
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_a_copy_is_looked_into_once(
    server: MailBoxUnencrypted, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, 1)
    put(server, 1)
    mailbox, care = connect(inbox), Care()
    fetch_inbox(inbox, mailbox, care)
    # The one row goes from number to number until both are known.
    take_late(inbox, mailbox, care)
    take_late(inbox, mailbox, care)
    assert RawMessage.objects.count() == 1
    asked: list[Any] = []

    def contents(uids: Any, **_more: Any) -> dict[int, bytes]:
        asked.append(uids)
        return {}

    monkeypatch.setattr(mailbox, "contents", contents)
    take_late(inbox, mailbox, care)
    mailbox.close()
    assert asked == []


@pytest.mark.django_db
def test_fetchers_that_are_started_anew_leave_no_old_ones_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Patient:
        def __init__(self, number: int, stopped: Callable[[], bool]) -> None:
            self.stopped = stopped

        def run(self) -> None:
            while not self.stopped():
                time.sleep(0.01)

    answers = iter([[1]])
    monkeypatch.setattr(fetchers, "Fetcher", Patient)
    monkeypatch.setattr(fetchers, "_mailboxes", lambda: next(answers))
    monkeypatch.setattr(fetchers, "_LOOK_FOR_INBOXES", 0.01)
    # The second look fails, as when the database goes away.
    with pytest.raises(StopIteration):
        run_fetchers(lambda: False)
    assert [each for each in threading.enumerate() if each.name == "mailbox 1"] == []
