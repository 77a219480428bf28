"""Asking addresses that somebody typed in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils.translation import override

from zaguan.lib.outgoing import Unreachable, fetch
from zaguan.lib.outside import is_outside


class _Site(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            return self._say(302, b"", Location="/here")
        if self.path == "/round":
            return self._say(302, b"", Location="/round")
        if self.path == "/nowhere":
            return self._say(302, b"", Location="http://[1")
        if self.path == "/inside":
            return self._say(302, b"", Location="http://127.0.0.2/secret")
        if self.path == "/slow":
            time.sleep(2)
        if self.path == "/drip":
            return self._drip()
        if self.path == "/half":
            self.close_connection = True
            return self._say(200, b"hel", claimed=5)
        return self._say(200, b"x" * 5000 if self.path == "/large" else b"hello")

    def do_POST(self) -> None:
        taken = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(201, taken + self.headers["X-Sign"].encode())

    def _drip(self) -> None:
        """A header that never ends, a letter at a time."""
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _letter in range(30):
                self.wfile.write(b"a")
                time.sleep(0.1)

    def _say(self, status: int, body: bytes, *, claimed: int = 0, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(claimed or len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def _site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _english(_own_language: None) -> Iterator[None]:
    """Sentences are read here."""
    with override("en"):
        yield


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    settings.OWN_NETWORK_HOSTS = ["127.0.0.1"]
    with _site() as address:
        yield address


def test_an_answer_comes_back_also_from_elsewhere(site: str) -> None:
    assert fetch(f"{site}/elsewhere").body == b"hello"


def test_something_can_be_sent(site: str) -> None:
    answer = fetch(site, method="POST", body=b"abc", headers={"X-Sign": "7"})
    assert (answer.status, answer.body) == (201, b"abc7")


@pytest.mark.parametrize("path", ["/round", "/inside", "/nowhere"])
def test_an_answer_that_leads_astray_is_refused(site: str, path: str) -> None:
    with pytest.raises(Unreachable):
        fetch(site + path)


def test_a_large_answer_and_a_late_one_are_refused(site: str) -> None:
    with pytest.raises(Unreachable, match="too large"):
        fetch(f"{site}/large", largest=1000)
    with pytest.raises(Unreachable, match="too long"):
        fetch(f"{site}/slow", seconds=0.3)


def test_a_letter_now_and_then_does_not_hold_the_line_open(site: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match="too long"):
        fetch(f"{site}/drip", seconds=0.4)
    assert time.monotonic() - began < 1.5


def test_half_an_answer_is_none(site: str) -> None:
    with pytest.raises(Unreachable, match="broke off"):
        fetch(f"{site}/half")


def _named(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let every name stand for these."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)


def test_the_next_address_is_called_when_one_is_dead(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(site.rpartition(":")[2])
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        dead = nobody_listens.getsockname()[1]
        _named(monkeypatch, ("127.0.0.1", dead), ("127.0.0.1", port))
        assert fetch("http://127.0.0.1/").body == b"hello"


def test_what_tells_secrets_is_not_asked_under_any_name(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OWN_NETWORK_HOSTS = ["intranet"]
    _named(monkeypatch, ("169.254.169.254", 80))
    for allowed in (False, True):
        with pytest.raises(Unreachable, match="own network"):
            fetch("http://intranet/", own_network=allowed)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:1/", "http://0.0.0.0/", "http://[::1]/", "http://2130706433/"],
)
def test_the_own_network_is_not_asked(url: str) -> None:
    with pytest.raises(Unreachable):
        fetch(url)


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "file:///etc/passwd", "http://", "http://a b/", "x"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Unreachable, match="begins with"):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("93.184.215.14", True),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("::ffff:93.184.215.14", False),
        ("64:ff9b::5db8:d70e", True),
        ("::7f00:1", False),
        ("::ffff:0:10.0.0.1", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("2606:2800:21f::1", True),
    ],
)
def test_which_addresses_are_outside(address: str, outside: bool) -> None:
    assert is_outside(address) is outside
