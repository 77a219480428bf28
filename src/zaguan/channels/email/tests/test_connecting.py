"""The way to a mail server: which one, signed in by password or token, never a password in the open."""

from __future__ import annotations

from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from zaguan.channels.delivering import deliver_due
from zaguan.channels.email import connecting
from zaguan.channels.email.accounts import keep_secrets
from zaguan.channels.email.connecting import mail_goes_to_folder, server_from
from zaguan.conversations.models import Delivery
from zaguan.conversations.replying import Outgoing, reply
from zaguan.testing.makers import make_question
from zaguan.testing.servers import Sink, smtp_sink
from zaguan.testing.world import World

asked_for: list[tuple[bytes, bytes]] = []


def checked(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """The server of these tests knows one password."""
    assert isinstance(data, LoginPassword)
    asked_for.append((data.login, data.password))
    return AuthResult(success=asked_for[-1] == (b"help@zaguan.example", b"secreto"), handled=False)


def send(world: World, sink: Sink, password: str, **smtp: Any) -> Delivery:
    server = {"host": "127.0.0.1", "port": sink.port, "security": "none", "auth": "password"}
    world.inbox.settings = {"smtp": server | smtp}
    world.inbox.save()
    keep_secrets(world.inbox, smtp_password=password)
    ticket, _question = make_question(world)
    message = reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    message.deliveries.update(run_at=message.created_at)
    deliver_due()
    return message.deliveries.get()


def test_a_password_opens_the_server(world: World) -> None:
    with smtp_sink(authenticator=checked, auth_require_tls=False) as sink:
        assert send(world, sink, "secreto").state == "sent"
        assert len(sink.messages) == 1
    assert asked_for[-1] == (b"help@zaguan.example", b"secreto")


def test_a_wrong_password_is_our_fault_and_not_the_messages(world: World) -> None:
    with smtp_sink(authenticator=checked, auth_require_tls=False) as sink:
        delivery = send(world, sink, "falso")
    assert (delivery.state, delivery.code) == ("queued", "535")
    assert delivery.answer


def test_a_token_opens_the_server_and_a_refused_one_is_renewed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    class Tokens(Sink):
        async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
            import base64

            tried.append(base64.b64decode(args[1]).decode())
            return AuthResult(success="fresh" in tried[-1], handled=False)

    monkeypatch.setattr(connecting, "access_token", lambda inbox, renew=False: "fresh" if renew else "stale")
    monkeypatch.setattr("zaguan.testing.sink.Sink", Tokens)
    with smtp_sink(auth_require_tls=False) as sink:
        assert send(world, sink, "", auth="google", user="help@zaguan.example").state == "sent"
    assert tried == [
        "user=help@zaguan.example\1auth=Bearer stale\1\1",
        "user=help@zaguan.example\1auth=Bearer fresh\1\1",
    ]


def test_no_password_travels_in_the_open_unless_somebody_chose_so(world: World) -> None:
    server, _password = server_from("smtp://ana:secreto@mail.example")
    with pytest.raises(ValueError, match=r"abier|open"):
        connecting._refuse_open(server, secure=False)
    connecting._refuse_open(server, secure=True)
    connecting._refuse_open(server_from("smtp://ana:secreto@mail.example?security=none")[0], secure=False)
    connecting._refuse_open(server_from("smtp://ana:secreto@127.0.0.1")[0], secure=False)


def test_demanded_encryption_that_is_not_there_sends_nothing(world: World, sink: Sink) -> None:
    delivery = send(world, sink, "", security="starttls", auth="none")
    assert delivery.state == "queued"
    assert sink.messages == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://ana%40x.example:s%2Fx@mail.example:2500",
            ("mail.example", 2500, "offered", "ana@x.example", "s/x"),
        ),
        ("smtps://a:b@mail.example", ("mail.example", 465, "tls", "a", "b")),
        ("smtp://mail.example", ("mail.example", 587, "offered", "", "")),
        ("smtp://mail.example?security=none", ("mail.example", 25, "none", "", "")),
        ("smtp://mail.example:25?security=starttls", ("mail.example", 25, "starttls", "", "")),
    ],
)
def test_one_address_names_the_server_for_all(url: str, expected: tuple[Any, ...]) -> None:
    server, password = server_from(url)
    assert (server.host, server.port, server.security, server.user, password) == expected


@pytest.mark.parametrize("url", ["http://x", "smtp://", "nonsense"])
def test_a_wrong_address_says_how_a_right_one_looks(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        server_from(url)


def test_the_desk_can_say_where_mail_goes(world: World, settings: Any) -> None:
    assert mail_goes_to_folder(world.inbox)
    settings.MAIL_URL = "smtp://mail.example"
    assert not mail_goes_to_folder(world.inbox)
    settings.MAIL_URL = ""
    world.inbox.settings = {"smtp": {"host": "mail.example"}}
    assert not mail_goes_to_folder(world.inbox)
