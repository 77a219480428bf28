"""The test of a connection says what fails and what to do."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from zaguan.channels.email.accounts import keep_secrets
from zaguan.channels.email.probing import Step, test_connection
from zaguan.conversations.models import Inbox
from zaguan.testing.servers import Dovecot, Sink, free_port
from zaguan.testing.world import make_world

pytestmark = pytest.mark.django_db
USER, PASSWORD = "soporte@example.com", "secreto-imap"


@pytest.fixture
def inbox() -> Inbox:
    return make_world().inbox


def probe(
    inbox: Inbox, *, imap: dict[str, Any] | None = None, smtp: dict[str, Any] | None = None, **secrets: str
) -> list[Step]:
    inbox.settings = {"imap": imap or {}, "smtp": smtp or {}}
    inbox.save()
    keep_secrets(inbox, **secrets)
    return test_connection(inbox)


def outcome(steps: list[Step]) -> dict[str, bool]:
    return {step.name: step.ok for step in steps}


def at(server: Dovecot, **more: Any) -> dict[str, Any]:
    return {"host": server.host, "port": server.port, "security": "none", "user": USER} | more


def test_everything_works(inbox: Inbox, imap_server: Dovecot, sink: Sink) -> None:
    smtp = {"host": "127.0.0.1", "port": sink.port, "security": "none", "auth": "none"}
    steps = probe(inbox, imap=at(imap_server), smtp=smtp, imap_password=PASSWORD)
    assert [step.name for step in steps] == [
        *("dns", "tcp", "tls", "login", "folder"),
        *("smtp-dns", "smtp-tcp", "smtp-tls"),
    ]
    assert all(step.ok for step in steps), steps


def test_wrong_password_and_folder(inbox: Inbox, imap_server: Dovecot) -> None:
    steps = probe(inbox, imap=at(imap_server), imap_password="falsch")
    assert outcome(steps)["login"] is False
    assert USER in next(step.sentence for step in steps if step.name == "login")
    steps = probe(inbox, imap=at(imap_server, folders=["Nirgends"]), imap_password=PASSWORD)
    assert outcome(steps)["folder"] is False


def test_nobody_answers(inbox: Inbox) -> None:
    port = free_port()
    steps = probe(inbox, imap={"host": "127.0.0.1", "port": port, "security": "none"})
    assert outcome(steps) == {"dns": True, "tcp": False, "smtp": False}
    assert str(port) in steps[1].sentence


def test_a_server_without_tls_where_tls_is_wanted(inbox: Inbox, imap_server: Dovecot) -> None:
    steps = probe(inbox, imap=at(imap_server, security="tls"), imap_password=PASSWORD)
    assert outcome(steps)["tls"] is False


def test_a_name_that_nobody_knows(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    steps = probe(inbox, imap={"host": "imap.exmaple.com"})
    assert outcome(steps)["dns"] is False
    assert "imap.exmaple.com" in steps[0].sentence


def test_without_servers_it_says_so(inbox: Inbox) -> None:
    assert outcome(probe(inbox)) == {"imap": True, "smtp": False}
