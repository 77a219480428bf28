"""The servers that tests stand on do what the tests believe of them."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import urllib.request

import pytest

from zaguan.testing.environment import is_local
from zaguan.testing.fixtures import USERS
from zaguan.testing.servers import Dovecot, Sink, postgres

LETTER = "From: dan@example.com\r\nTo: soporte@example.com\r\nSubject: ¿Llegó?\r\n\r\nHola\r\n".encode()


def post(sink: Sink, *recipients: str) -> dict[str, tuple[int, bytes]]:
    """Send the letter; returns who was refused."""
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=2) as client:
        return client.sendmail("dan@example.com", list(recipients), LETTER)


def test_the_sink_keeps_what_it_takes(sink: Sink) -> None:
    post(sink, "soporte@example.com")
    assert sink.messages[0].sender == "dan@example.com"
    assert sink.messages[0].content == LETTER
    assert sink.messages[0].message["Subject"] == "¿Llegó?"


def test_the_sink_refuses_single_recipients(sink: Sink) -> None:
    sink.refuse["gone@example.com"] = "550 5.1.1 No such user"
    assert post(sink, "gone@example.com", "here@example.com") == {
        "gone@example.com": (550, b"5.1.1 No such user")
    }
    assert sink.messages[0].recipients == ["here@example.com"]


@pytest.mark.parametrize("manner", ["drop", "hang"])
def test_the_sink_takes_a_message_and_does_not_say_so(sink: Sink, manner: str) -> None:
    sink.after_data = manner
    with pytest.raises(smtplib.SMTPServerDisconnected):
        post(sink, "soporte@example.com")
    assert len(sink.messages) == 1


def test_the_sink_refuses_after_the_data(sink: Sink) -> None:
    sink.after_data = "552 5.2.2 Mailbox full"
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        post(sink, "soporte@example.com")
    assert refusal.value.smtp_code == 552
    assert sink.messages == []


def test_the_imap_server_keeps_mail_and_counts_it(imap_server: Dovecot) -> None:
    user = "ventas@example.com"
    client = imaplib.IMAP4(imap_server.host, imap_server.port, timeout=5)
    client.login(user, USERS[user])
    client.append("INBOX", "", imaplib.Time2Internaldate(0), LETTER)
    state, found = client.select("INBOX")
    client.logout()
    assert state == "OK"
    assert found != [b"0"]
    assert imap_server.maildir(user).is_dir()


def test_a_database_of_its_own_with_names_in_lower_case() -> None:
    import psycopg

    with postgres() as url, psycopg.connect(url) as link:
        row = link.execute("SELECT lower('ÁÑ'), current_setting('listen_addresses')").fetchone()
    assert row == ("áñ", "")


@pytest.mark.parametrize("address", ["http://192.0.2.1/", "http://example.com/"])
def test_nothing_leaves_this_machine(address: str) -> None:
    with pytest.raises(OSError, match="tests stay on this machine"):
        urllib.request.urlopen(address, timeout=1)


def test_the_loopback_is_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=1),
    ):
        assert is_local("::1")
        assert is_local("localhost")
        assert not is_local("10.0.0.1")
