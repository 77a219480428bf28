"""Several mails in one transaction: nothing is lost, doubled or left behind when one of them fails (R01)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.channels.email.helping import Helper, stand_by
from zaguan.channels.email.placing import process_together
from zaguan.channels.email.receiving_mail import keep
from zaguan.channels.email.tests.test_receiving_mail import HELP, WITH_FILE, a_mail
from zaguan.conversations import receiving
from zaguan.conversations.events import MessageReceived
from zaguan.conversations.models import Attachment, Message, RawMessage
from zaguan.events.models import EventRecord
from zaguan.people.models import Identity
from zaguan.search.naming import named
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def stored(*mails: bytes) -> list[RawMessage]:
    return [keep(mail, source="smtp", envelope={"to": [HELP]})[0] for mail in mails]


def breaks_over(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One mail fails at the end of its transaction: what it has written must be undone."""
    record = receiving._record

    def recorded(arrival: receiving.Arrival, *words: Any, **more: Any) -> None:
        record(arrival, *words, **more)
        if arrival.incoming.subject == subject:
            raise RuntimeError("as if something were wrong with it")

    monkeypatch.setattr(receiving, "_record", recorded)


def test_a_backlog_is_placed_with_one_commit_and_without_savepoints(world: World) -> None:
    mails = stored(*(a_mail(n, sender=f"New <new{n}@customer.example>") for n in range(5)))
    with CaptureQueriesContext(connection) as asked:
        outcomes = process_together(mails)
    assert [outcome.outcome for outcome in outcomes] == ["opened"] * 5
    assert len({outcome.ticket.pk for outcome in outcomes if outcome.ticket}) == 5
    # One belongs to the test, in which the batch's transaction lies.
    assert sum(query["sql"].startswith("SAVEPOINT") for query in asked.captured_queries) == 1
    assert EventRecord.objects.filter(kind=MessageReceived.kind).count() == 5
    # Half a dozen words for each new customer, in one statement.
    assert sum("INTO search_name" in query["sql"] for query in asked.captured_queries) == 5
    assert named("new3@customer.example") == {
        "contact": [Identity.objects.get(value="new3@customer.example").contact_id]
    }


def test_one_that_fails_is_listed_and_the_others_arrive_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks_over("Pedido 2", monkeypatch)
    outcomes = process_together(stored(*(a_mail(n) for n in range(4))))
    assert [outcome.outcome for outcome in outcomes] == ["opened", "opened", "failed", "opened"]
    assert Message.objects.count() == Ticket.objects.count() == 3
    assert sorted(RawMessage.objects.values_list("state", flat=True)) == ["failed", *["processed"] * 3]
    assert "as if something" in RawMessage.objects.get(state="failed").reason


def test_files_of_an_undone_batch_go_and_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    breaks_over("Pedido 1", monkeypatch)
    written = default_storage.save

    def save(name: str, content: Any, **more: Any) -> str:
        names.append(written(name, content, **more))
        return names[-1]

    monkeypatch.setattr(default_storage, "save", save)
    process_together(stored(WITH_FILE, a_mail(1)))
    kept = Attachment.objects.get()
    assert default_storage.exists(kept.stored_as)
    assert [name for name in names if default_storage.exists(name)] == [kept.stored_as]


def test_the_same_mail_for_two_inboxes_in_one_batch_is_one_message(world: World) -> None:
    mail = a_mail(1)
    first, second = stored(mail)[0], RawMessage.objects.get()
    second.pk, second.inbox = None, None
    second.save(force_insert=True)
    second.inbox = first.inbox
    assert [each.outcome for each in process_together([first, second])] == ["opened", "duplicate"]
    assert Message.objects.count() == 1


def test_an_answer_in_the_same_batch_joins_the_ticket_that_it_answers(world: World) -> None:
    question = a_mail(1)
    answer = a_mail("1b", In_Reply_To="<m1@customer.example>")
    opened, joined = process_together(stored(question, answer))
    assert (opened.outcome, joined.outcome) == ("opened", "joined")
    assert opened.ticket == joined.ticket


@pytest.mark.django_db(transaction=True)
def test_a_helper_that_stands_by_places_mails_and_ends_with_its_input() -> None:
    make_world()
    mails = stored(a_mail(1), a_mail(2))
    connection.close()

    def fork(name: str, answer: Callable[[], int], close: list[int]) -> int:
        if pid := os.fork():
            return pid
        for handle in close:
            os.close(handle)
        answer()
        os._exit(0)

    stand_by(fork)
    helper = Helper()
    assert helper.stays
    assert [said["outcome"] for said in helper.process([raw.pk for raw in mails])] == ["opened", "opened"]
    helper.end()
    assert not helper.is_running
    assert Message.objects.count() == 2
