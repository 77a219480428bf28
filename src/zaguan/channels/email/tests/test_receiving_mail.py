"""Bytes in, one entry out: stored first, processed once, listed when something fails (R01, R10, bugs 3, 4, 7, 11)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from zaguan.channels.email import receiving_mail
from zaguan.channels.email.receiving_mail import process_pending, receive_bytes, reprocess
from zaguan.conversations.models import Attachment, Inbox, KnownId, Message, RawMessage, Thread
from zaguan.conversations.raw import raw_bytes
from zaguan.conversations.signing import instance_id
from zaguan.conversations.tests.mails import an_answer
from zaguan.events.models import EventRecord
from zaguan.people.models import Contact, Identity
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
HELP = "help@zaguan.example"


def a_mail(
    number: int | str = 1,
    *,
    to: str = HELP,
    sender: str = "Dan <dan@customer.example>",
    body: str = "Hola",
    **more: str,
) -> bytes:
    headers = {
        "From": sender,
        "To": to,
        "Subject": f"Pedido {number}",
        "Message-ID": f"<m{number}@customer.example>",
        "Date": "Fri, 20 Nov 2026 10:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return ("\r\n".join([*lines, "", body, ""])).encode()


WITH_FILE = a_mail(
    9,
    MIME_Version="1.0",
    Content_Type="multipart/mixed; boundary=b",
    body="--b\r\nContent-Type: text/plain\r\n\r\nVea el adjunto\r\n--b\r\nContent-Type: application/pdf\r\n"
    "Content-Disposition: attachment; filename=factura.pdf\r\n\r\n%PDF-1.4\r\n--b--",
)


def rows() -> list[int]:
    tables = (Ticket, Thread, Message, KnownId, Attachment, Contact, Identity, EventRecord)
    return [table.objects.count() for table in tables]


def test_bytes_are_kept_as_they_came(world: World) -> None:
    content = a_mail() + b"\x00\xff\r\nlast"
    outcome = receive_bytes(content)
    raw = RawMessage.objects.get()
    assert raw_bytes(raw) == content
    assert outcome.ticket
    assert (raw.state, raw.outcome, raw.ticket_id) == ("processed", "opened", outcome.ticket.pk)


def test_large_bytes_lie_in_a_file(world: World) -> None:
    import secrets

    content = a_mail(body=secrets.token_hex(2_000_000))
    receive_bytes(content)
    raw = RawMessage.objects.get()
    assert raw.file
    assert raw_bytes(raw) == content


def test_the_same_mail_again_is_a_duplicate(world: World) -> None:
    first = receive_bytes(a_mail())
    traced = b"Received: from elsewhere\r\nX-Spam-Score: 0\r\n" + a_mail().replace(b"\r\n", b"\n") + b"\n"
    again = receive_bytes(traced)
    assert (again.outcome, again.ticket, again.message) == ("duplicate", first.ticket, first.message)
    assert (RawMessage.objects.count(), Message.objects.count()) == (1, 1)


def test_same_id_with_other_content_is_kept(world: World) -> None:
    receive_bytes(a_mail())
    other = receive_bytes(a_mail(Subject="Otra cosa", body="Adiós"))
    assert other.outcome == "opened"
    assert Message.objects.count() == 2


def test_no_message_id_at_all(world: World) -> None:
    bare = a_mail(Message_ID="")
    assert receive_bytes(bare).outcome == "opened"
    assert receive_bytes(bare).outcome == "duplicate"
    assert receive_bytes(a_mail(Message_ID="", body="Otra")).outcome == "opened"


def test_three_mailboxes_on_one_mail_make_one_conversation(world: World) -> None:
    """Bug 3: each fetches its own copy; an answer through each finds the same ticket."""
    others = ["sales@zaguan.example", "info@zaguan.example"]
    for address in others:
        Inbox.objects.create(kind="email", name=address, address=address, team=world.sales)
    everywhere = [HELP, *others]
    outcomes = [
        receive_bytes(
            b"Delivered-To: %s\r\n" % address.encode() + a_mail(to=", ".join(everywhere)),
            inbox_address=address,
        )
        for address in everywhere
    ]
    assert [outcome.outcome for outcome in outcomes] == ["opened", "duplicate", "duplicate"]
    assert RawMessage.objects.count() == 3
    assert Message.objects.get().external_id == "m1@customer.example"
    for number, address in enumerate(everywhere):
        answer = a_mail(f"answer{number}", to=address, In_Reply_To="<m1@customer.example>")
        assert receive_bytes(answer, inbox_address=address).ticket == outcomes[0].ticket


def test_inbox_by_headers_alias_and_plus_address(world: World) -> None:
    Inbox.objects.create(
        kind="email",
        name="Sales",
        address="sales@zaguan.example",
        aliases=["ventas@zaguan.example"],
        team=world.sales,
    )
    wanted = {"X <VENTAS@zaguan.example>": world.sales, "help+shop@zaguan.example": world.support}
    for number, (to, team) in enumerate(wanted.items()):
        ticket = receive_bytes(a_mail(number, to=to)).ticket
        assert ticket
        assert ticket.team == team


def test_mail_for_nobody_is_held_and_finds_its_inbox_later(world: World) -> None:
    Inbox.objects.create(kind="email", name="Sales", address="sales@zaguan.example", team=world.sales)
    outcome = receive_bytes(a_mail(to="nobody@zaguan.example"))
    assert (outcome.outcome, outcome.ticket) == ("held", None)
    assert receive_bytes(a_mail(to="nobody@zaguan.example")).outcome == "held"
    raw = RawMessage.objects.get()
    assert (raw.state, raw.inbox) == ("held", None)
    assert raw.reason
    world.inbox.aliases = ["nobody@zaguan.example"]
    world.inbox.save()
    assert reprocess(raw, by=world.bo).outcome == "opened"


def test_reply_token_in_the_envelope_only(world: World) -> None:
    """Bug 4."""
    from zaguan.conversations.signing import reply_address

    ticket = receive_bytes(a_mail()).ticket
    assert ticket
    address = reply_address(ticket.threads.get(), world.inbox)
    blind = a_mail(2, to="undisclosed-recipients:;")
    outcome = receive_bytes(blind, source="smtp", envelope={"from": "dan@customer.example", "to": [address]})
    assert (outcome.outcome, outcome.ticket) == ("joined", ticket)


def test_too_large_mail_is_a_ticket_of_its_header(world: World, settings: Any) -> None:
    settings.MAIL_SIZE_LIMIT = 1000
    outcome = receive_bytes(a_mail(body="x" * 5000))
    assert outcome.outcome == "opened"
    assert outcome.message
    assert outcome.message.subject == "Pedido 1"
    assert outcome.message.details["warnings"]
    assert RawMessage.objects.get().size < 1000


def test_an_error_at_any_statement_leaves_no_partial_rows(world: World) -> None:
    """Bug 11: the mail is listed as failed, the next one comes in, and trying again works."""
    before, kept, statement = rows(), files(), 0
    while True:
        outcome = failing_at(statement, WITH_FILE)
        if outcome.outcome == "opened":
            break
        assert outcome.outcome == "failed"
        assert "boom" in outcome.reason
        raw = RawMessage.objects.get()
        assert raw.state == "failed"
        now = rows()
        assert now[:-1] == before[:-1], f"partial rows after statement {statement}"
        kinds = set(
            EventRecord.objects.order_by("-id").values_list("kind", flat=True)[: now[-1] - before[-1]]
        )
        assert kinds == {"conversations.MailFailed"}
        assert files() == kept
        raw.delete()
        EventRecord.objects.filter(kind="conversations.MailFailed").delete()
        statement += 1
    assert statement > 10
    assert len(files() - kept) == 1


def files() -> set[str]:
    """All stored attachments; other tests of this run leave theirs."""
    from django.conf import settings

    return {str(path) for path in (settings.FILES / "attachments").rglob("*") if path.is_file()}


def failing_at(statement: int, content: bytes) -> Any:
    """Receive, with the n-th statement of the placing transaction failing."""
    seen = {"count": -1, "armed": False}

    def explode(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if seen["armed"] and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen["count"] += 1
            if seen["count"] == statement:
                seen["armed"] = False
                raise RuntimeError("boom")
        return execute(sql, params, many, context)

    raw, _new = receiving_mail.keep(content)
    seen["armed"] = True
    with connection.execute_wrapper(explode):
        try:
            return receiving_mail.process(raw.pk)
        except RuntimeError:
            # Before anything was read, as when the database went away: it waits.
            assert RawMessage.objects.get(pk=raw.pk).state == "received"
            return receiving_mail._fail(raw, RuntimeError("boom"))


def test_a_failed_mail_is_listed_with_its_reason_and_can_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(receiving_mail, "read_mail", raising(ValueError("no such charset")))
        outcome = receive_bytes(a_mail())
    assert outcome.outcome == "failed"
    raw = RawMessage.objects.get()
    assert raw.reason.startswith("ValueError: no such charset")
    assert receive_bytes(a_mail(2)).outcome == "opened"
    again = reprocess(raw, by=world.bo)
    assert again.outcome == "opened"
    raw.refresh_from_db()
    assert (raw.state, raw.reason) == ("processed", "")
    assert reprocess(raw, by=world.bo).outcome == "duplicate"


def raising(error: Exception) -> Callable[..., Any]:
    def work(*args: Any, **kwargs: Any) -> Any:
        raise error

    return work


def test_held_mail_comes_in_when_released(world: World) -> None:
    Contact.objects.filter(pk=world.dan.pk).update(blocked_at=timezone.now())
    assert receive_bytes(a_mail()).outcome == "held"
    raw = RawMessage.objects.get()
    assert raw.state == "held"
    assert reprocess(raw, by=world.ana).outcome == "opened"


def test_a_busy_database_leaves_the_mail_for_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(receiving_mail, "receive", raising(OperationalError("database is locked")))
        outcome = receive_bytes(a_mail())
    assert outcome.outcome == "failed"
    raw = RawMessage.objects.get()
    assert (raw.state, raw.attempts) == ("received", 1)
    assert process_pending() == 0
    RawMessage.objects.update(received_at=timezone.now() - timedelta(seconds=30))
    assert process_pending() == 1
    assert Message.objects.count() == 1


def test_what_a_dead_process_left_is_taken_up(world: World) -> None:
    for number in range(3):
        receiving_mail.keep(a_mail(number))
    RawMessage.objects.update(received_at=timezone.now() - timedelta(seconds=30))
    assert process_pending() == 3
    assert Message.objects.count() == 3
    assert receive_bytes(a_mail(0)).outcome == "duplicate"


def test_stored_but_not_processed_is_processed_when_it_comes_again(world: World) -> None:
    receiving_mail.keep(a_mail())
    assert receive_bytes(a_mail()).outcome == "opened"


def test_own_loop_mark_of_this_installation_only(world: World) -> None:
    assert receive_bytes(a_mail(1, X_Zaguan_Instance=instance_id())).outcome == "held"
    assert receive_bytes(a_mail(2, X_Zaguan_Instance="another")).outcome == "opened"


def test_auto_submitted_does_not_reopen(world: World) -> None:
    ticket = receive_bytes(a_mail()).ticket
    assert ticket
    set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    sent = an_answer(ticket.threads.get(), world.ana)
    away = a_mail(2, In_Reply_To=f"<{sent.external_id}>", Auto_Submitted="auto-replied")
    outcome = receive_bytes(away)
    assert (outcome.outcome, outcome.ticket) == ("joined", ticket)
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.WAITING_CUSTOMER


def test_agent_by_mail_only_with_the_word_of_our_own_server(world: World) -> None:
    world.inbox.settings = {"own_mx": "mx.zaguan.example"}
    world.inbox.save()
    ticket = receive_bytes(a_mail()).ticket
    assert ticket
    sent = an_answer(ticket.threads.get())
    good = "mx.zaguan.example; spf=pass; dmarc=pass (p=REJECT) header.from=zaguan.example"
    words = {
        "": "in",
        "mx.evil.example; dmarc=pass header.from=zaguan.example": "in",
        "mx.zaguan.example; dmarc=fail header.from=zaguan.example": "in",
        "mx.zaguan.example; dmarc=pass header.from=evil.example": "in",
        good: "note",
    }
    for number, (said, direction) in enumerate(words.items()):
        answer = a_mail(
            f"a{number}",
            sender="ana@zaguan.example",
            In_Reply_To=f"<{sent.external_id}>",
            Authentication_Results=said,
        )
        message = receive_bytes(answer).message
        assert message
        assert message.direction == direction, said


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_become_what_they_are() -> None:
    """Bug 7: one mail ten times, an album of eight answers, the rest single; through two inboxes."""
    world = make_world()
    Inbox.objects.create(kind="email", name="Sales", address="sales@zaguan.example", team=world.sales)
    first = receive_bytes(a_mail("start")).ticket
    assert first
    same = [(a_mail("same"), HELP if number % 2 else "sales@zaguan.example") for number in range(10)]
    album = [(a_mail(f"album{n}", In_Reply_To="<mstart@customer.example>"), HELP) for n in range(8)]
    new = [(a_mail(f"new{n}", sender=f"P <p{n % 4}@many.example>"), HELP) for n in range(32)]
    outcomes = all_at_once([*same, *album, *new])
    assert sorted(outcomes) == sorted(["opened"] + ["duplicate"] * 9 + ["joined"] * 8 + ["opened"] * 32)
    assert Message.objects.count() == 1 + 1 + 8 + 32
    assert Message.objects.filter(ticket=first).count() == 9
    assert Ticket.objects.get(pk=first.pk).message_count == 9
    assert Identity.objects.filter(value__endswith="@many.example").count() == 4
    assert not RawMessage.objects.exclude(state="processed").exists()


@pytest.mark.django_db(transaction=True)
def test_answers_to_a_closed_ticket_at_once_make_one_follow_up() -> None:
    world = make_world()
    ticket = receive_bytes(a_mail("start")).ticket
    assert ticket
    set_status(ticket, default_status(Phase.CLOSED), by=world.bo)
    outcomes = all_at_once(
        [(a_mail(f"r{n}", In_Reply_To="<mstart@customer.example>"), HELP) for n in range(6)]
    )
    assert sorted(outcomes) == ["followed_up"] + ["joined"] * 5
    assert Ticket.objects.count() == 2


def all_at_once(mails: list[tuple[bytes, str]]) -> list[str]:
    threads = min(8, len(mails))
    gate = threading.Barrier(threads)

    def work(mail: tuple[int, tuple[bytes, str]]) -> str:
        number, (content, address) = mail
        if number < threads:
            gate.wait(20)
        try:
            return receive_bytes(content, inbox_address=address).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        outcomes = list(pool.map(work, enumerate(mails)))
    # What two workers kept each other from doing waits for a second try.
    RawMessage.objects.filter(state="received").update(received_at=timezone.now() - timedelta(seconds=30))
    assert process_pending() == 0
    return outcomes
