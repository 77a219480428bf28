"""Mail handed in by SMTP, LMTP and the pipe: yes is said when it is stored, and only for our own addresses."""

from __future__ import annotations

import io
import json
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from zaguan import pipe_client
from zaguan.channels.email import handing_in, local_sockets, receiving_mail
from zaguan.channels.email.piping import receive_stdin
from zaguan.channels.email.receivers import run_receivers
from zaguan.conversations.models import Inbox, Message, RawMessage
from zaguan.testing.processes import wait_until
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db(transaction=True)
HELP = "help@zaguan.example"


def a_mail(number: int | str = 1, text: str = "Hola, ¿qué tal?") -> bytes:
    return (
        f"From: Dan <dan@customer.example>\r\nTo: {HELP}\r\nSubject: Pedido {number}\r\n"
        f"Message-ID: <m{number}@customer.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own: sockets lie there."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def port(world: World, folder: Path) -> Iterator[int]:
    """Receivers that run in this process."""
    door = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()
    thread = threading.Thread(target=run_receivers, args=(door, stop.is_set), kwargs={"helped": False})
    thread.start()
    number = door.getsockname()[1]
    wait_until(lambda: (folder / "run" / "lmtp.sock").exists(), "the receivers")
    yield number
    stop.set()
    thread.join()
    door.close()


def smtp(port: int) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", port, local_hostname="localhost", timeout=20)


def processed(count: int) -> bool:
    return Message.objects.count() == count


def test_accepted_mail_is_stored_and_becomes_a_message(port: int) -> None:
    with smtp(port) as line:
        line.sendmail("dan@customer.example", [HELP], a_mail())
        raw = RawMessage.objects.get()
        wait_until(lambda: processed(1), "the message")
        line.sendmail("dan@customer.example", ["help+anything@zaguan.example"], a_mail(2))
    wait_until(lambda: processed(2), "the second message")
    assert raw.source == "smtp"
    assert raw.envelope["to"] == [HELP]
    assert {message.text.strip() for message in Message.objects.all()} == {"Hola, ¿qué tal?"}


def test_strangers_addresses_are_refused(port: int) -> None:
    with smtp(port) as line, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        line.sendmail("dan@customer.example", ["somebody@elsewhere.example"], a_mail())
    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert not RawMessage.objects.exists()


def test_an_inbox_made_just_now_is_known(port: int, world: World) -> None:
    with smtp(port) as line:
        line.sendmail("dan@customer.example", [HELP], a_mail())
        Inbox.objects.create(kind="email", name="New", address="new@zaguan.example", team=world.sales)

        def accepted() -> bool:
            line.rset()
            line.mail("dan@customer.example")
            return line.rcpt("new@zaguan.example")[0] == 250

        wait_until(accepted, "the new inbox", 5)


def test_a_mail_above_the_limit_is_refused(port: int, settings: Any) -> None:
    settings.MAIL_SIZE_LIMIT = 1000
    with smtp(port) as line, pytest.raises(smtplib.SMTPException) as refused:
        line.sendmail("dan@customer.example", [HELP], a_mail(text="x" * 5000))
    assert "552" in str(refused.value)


def test_what_cannot_be_stored_is_not_accepted(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("disk full")

    monkeypatch.setattr(handing_in, "keep", broken)
    with smtp(port) as line, pytest.raises(smtplib.SMTPDataError) as refused:
        line.sendmail("dan@customer.example", [HELP], a_mail())
    assert refused.value.smtp_code == 451


def test_one_bad_mail_of_a_batch_does_not_keep_out_the_others(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = receiving_mail.keep

    def sometimes(content: bytes, **kwargs: Any) -> Any:
        if b"Pedido 3" in content:
            raise DatabaseError("not this one")
        return keep(content, **kwargs)

    monkeypatch.setattr(handing_in, "keep", sometimes)
    answers: list[str] = []

    def send(number: int) -> None:
        try:
            with smtp(port) as line:
                line.sendmail("dan@customer.example", [HELP], a_mail(number))
            answers.append("yes")
        except smtplib.SMTPDataError:
            answers.append("no")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["no"] + ["yes"] * 7
    wait_until(lambda: processed(7), "the others")


def test_null_sender_is_seen_as_a_machine(port: int) -> None:
    with smtp(port) as line:
        line.sendmail("", [HELP], a_mail())
    wait_until(lambda: processed(1), "the message")
    assert Message.objects.get().is_automatic


def test_lmtp_answers_for_each_recipient(port: int, folder: Path) -> None:
    with smtplib.LMTP(str(folder / "run" / "lmtp.sock"), local_hostname="localhost") as line:
        line.ehlo_or_helo_if_needed()
        assert line.mail("dan@customer.example")[0] == 250
        assert line.rcpt(HELP)[0] == 250
        assert line.rcpt("help+more@zaguan.example")[0] == 250
        assert line.docmd("DATA")[0] == 354
        line.send(a_mail() + b".\r\n")
        assert [line.getreply()[0] for _recipient in range(2)] == [250, 250]
    assert RawMessage.objects.get().source == "lmtp"


def test_the_pipe_hands_over_to_the_running_process(
    port: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAGUAN_DATA", str(folder))
    outcomes = []
    for _time in range(2):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(a_mail())))
        assert pipe_client.main(["receive", "--inbox", HELP]) == 0
        outcomes.append(json.loads(capsys.readouterr().out))
    message = Message.objects.get()
    assert outcomes[0] == {
        "outcome": "opened",
        "ticket": message.ticket_id,
        "message": message.pk,
        "reason": "",
    }
    assert outcomes[1]["outcome"] == "duplicate"


def test_the_client_does_not_load_django() -> None:
    code = "import sys, zaguan.pipe_client; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_wrong_words_are_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["send"], ["receive", "--inbox"], ["receive", "help@zaguan.example"]):
        assert pipe_client.main(words) == 64
    assert "Usage" in capsys.readouterr().err


def test_without_serve_the_mail_is_processed_in_this_process(world: World, folder: Path) -> None:
    out = io.StringIO()
    assert receive_stdin(io.BytesIO(a_mail()), out, inbox_address=HELP) == 0
    assert json.loads(out.getvalue())["outcome"] == "opened"


def test_exit_code_75_when_it_cannot_be_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from zaguan.channels.email import receiving_mail

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("disk full")

    monkeypatch.setattr(receiving_mail, "store_raw", broken)
    out = io.StringIO()
    assert receive_stdin(io.BytesIO(a_mail()), out) == 75
    assert out.getvalue() == ""


def test_exit_code_75_reaches_the_mail_server(folder: Path) -> None:
    environment = {
        "ZAGUAN_DATA": str(folder),
        "PATH": "",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    command = [sys.executable, "-m", "zaguan", "mail", "receive"]
    done = subprocess.run(command, input=a_mail(), env=environment, capture_output=True, check=False)
    assert done.returncode == 75
    assert done.stdout == b""


def test_a_socket_in_use_is_left_alone(folder: Path) -> None:
    path = local_sockets.run_folder() / "mail.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.bind(str(path))
        other.listen()
        assert local_sockets._free_path(path) is None
    assert local_sockets._free_path(path) == str(path)
    assert local_sockets._free_path(folder / ("x" * 100) / "mail.sock") is None
