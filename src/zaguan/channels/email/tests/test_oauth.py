"""Accounts at Google and Microsoft, against a provider of our own on the loopback (R06)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from zaguan.channels.email.accounts import keep_secrets, secrets_of
from zaguan.channels.email.oauth import (
    ConsentNeeded,
    OAuthBusy,
    OAuthTrouble,
    access_token,
    authorization_url,
    exchange_code,
    inbox_of_state,
    provider_of,
)
from zaguan.conversations.models import Inbox
from zaguan.testing.world import make_world

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """Gives a new refresh token with each use and takes each once; misbehaves as `answers` says."""

    answers: ClassVar[list[tuple[int, dict[str, Any], dict[str, str]]]] = []
    asked: ClassVar[list[dict[str, str]]] = []
    refresh_token = "r0"
    life: Any = 3600

    def do_POST(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self._body()).items()}
        type(self).asked.append(form)
        if self.answers:
            return self._say(*self.answers.pop(0))
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != Provider.refresh_token:
            return self._say(400, {"error": "invalid_grant"}, {})
        number = len(self.asked)
        Provider.refresh_token = f"r{number}"
        tokens = {"access_token": f"a{number}", "refresh_token": f"r{number}", "expires_in": self.life}
        return self._say(200, tokens, {})

    def _body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _say(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def provider() -> Iterator[str]:
    Provider.answers, Provider.asked, Provider.refresh_token, Provider.life = [], [], "r0", 3600
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/token"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def inbox(provider: str) -> Inbox:
    found = make_world().inbox
    found.settings = {
        "imap": {"host": "x", "auth": "google"},
        "oauth": {"client_id": "id", "token_url": provider},
    }
    found.save()
    keep_secrets(found, client_secret="shh", refresh_token="r0")
    return found


def expire(inbox: Inbox) -> None:
    keep_secrets(inbox, access_until=time.time() - 1)


def test_each_refresh_stores_the_new_refresh_token(inbox: Inbox) -> None:
    for turn in range(1, 4):
        assert access_token(inbox) == f"a{turn}"
        assert access_token(inbox) == f"a{turn}"
        assert secrets_of(Inbox.objects.get(pk=inbox.pk))["refresh_token"] == f"r{turn}"
        expire(inbox)
    assert len(Provider.asked) == 3
    assert Provider.asked[0]["client_secret"] == "shh"
    assert "shh" not in Inbox.objects.get(pk=inbox.pk).sealed_secrets


def test_a_token_that_the_mail_server_refuses_is_renewed(inbox: Inbox) -> None:
    assert access_token(inbox) == "a1"
    assert access_token(inbox, renew=True) == "a2"


@pytest.mark.parametrize("life", [10**9, "nonsense", None, -5])
def test_a_strange_life_is_not_believed(inbox: Inbox, life: Any) -> None:
    Provider.life = life
    access_token(inbox)
    assert time.time() + 100 < secrets_of(inbox)["access_until"] <= time.time() + 3601


def test_a_clock_that_was_set_back_does_not_keep_a_token_for_ever(inbox: Inbox) -> None:
    access_token(inbox)
    keep_secrets(inbox, access_until=time.time() + 10 * 24 * 3600)
    assert access_token(inbox) == "a2"


def test_revoked_consent_asks_for_a_person_and_keeps_the_inbox(inbox: Inbox) -> None:
    Provider.answers.append((400, {"error": "invalid_grant"}, {}))
    with pytest.raises(ConsentNeeded):
        access_token(inbox)
    assert secrets_of(inbox)["refresh_token"] == "r0"
    assert access_token(inbox) == "a2"


def test_too_many_requests_wait_as_long_as_told(inbox: Inbox) -> None:
    Provider.answers += [(429, {}, {"Retry-After": "77"}), (503, {}, {})]
    with pytest.raises(OAuthBusy) as busy:
        access_token(inbox)
    assert busy.value.after == 77
    with pytest.raises(OAuthBusy):
        access_token(inbox)
    assert access_token(inbox) == "a3"


def test_wrong_client_and_other_refusals_say_why(inbox: Inbox) -> None:
    Provider.answers += [
        (401, {"error": "invalid_client"}, {}),
        (400, {"error": "x", "error_description": "Porque no"}, {}),
    ]
    with pytest.raises(OAuthTrouble):
        access_token(inbox)
    with pytest.raises(OAuthTrouble, match="Porque no"):
        access_token(inbox)


def test_an_answer_without_sense(inbox: Inbox) -> None:
    Provider.answers.append((200, {}, {}))
    with pytest.raises(OAuthTrouble):
        access_token(inbox)


def test_nobody_there(inbox: Inbox) -> None:
    inbox.settings["oauth"]["token_url"] = "http://127.0.0.1:1/token"
    with pytest.raises(OAuthBusy):
        access_token(inbox)


def test_never_authorised(inbox: Inbox) -> None:
    keep_secrets(inbox, refresh_token=None)
    with pytest.raises(ConsentNeeded):
        access_token(inbox)
    assert Provider.asked == []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_refresh_once(inbox: Inbox) -> None:
    tokens: list[str] = []

    def work() -> None:
        tokens.append(access_token(Inbox.objects.get(pk=inbox.pk)))
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tokens == ["a1"] * 6
    assert len(Provider.asked) == 1


def test_consent_comes_back_with_our_state_and_its_secret_half(inbox: Inbox) -> None:
    url = urlsplit(authorization_url(inbox, "https://desk.example/back"))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.hostname, asked["client_id"], asked["code_challenge_method"]) == (
        "accounts.google.com",
        "id",
        "S256",
    )
    assert inbox_of_state(asked["state"]) == inbox
    assert inbox_of_state(asked["state"] + "x") is None
    exchange_code(inbox, "the code", "https://desk.example/back", asked["state"])
    assert Provider.asked[0]["code"] == "the code"
    assert len(Provider.asked[0]["code_verifier"]) >= 43
    assert access_token(inbox) == "a1"


def test_consent_without_lasting_access_is_refused(inbox: Inbox) -> None:
    Provider.answers.append((200, {"access_token": "a"}, {}))
    with pytest.raises(OAuthTrouble):
        exchange_code(inbox, "code", "https://desk.example/back", "state")


def test_microsoft_by_tenant(inbox: Inbox) -> None:
    inbox.settings = {"imap": {"host": "x", "auth": "microsoft"}, "oauth": {"tenant": "contoso"}}
    found = provider_of(inbox)
    assert found.token_url == "https://login.microsoftonline.com/contoso/oauth2/v2.0/token"
    assert "offline_access" in found.scope
