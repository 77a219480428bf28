"""Asking addresses that somebody typed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils.translation import override

from zaguan.lib.outgoing import Unreachable, fetch, is_outside


class _Site(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            return self._say(302, b"", Location="/here")
        if self.path == "/round":
            return self._say(302, b"", Location="/round")
        if self.path == "/inside":
            return self._say(302, b"", Location="http://127.0.0.2/secret")
        if self.path == "/slow":
            time.sleep(2)
        return self._say(200, b"x" * 5000 if self.path == "/large" else b"hello")

    def do_POST(self) -> None:
        taken = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(201, taken + self.headers["X-Sign"].encode())

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
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


@pytest.mark.parametrize("path", ["/round", "/inside"])
def test_an_answer_that_leads_astray_is_refused(site: str, path: str) -> None:
    with pytest.raises(Unreachable):
        fetch(site + path)


def test_a_large_answer_and_a_late_one_are_refused(site: str) -> None:
    with pytest.raises(Unreachable, match="too large"):
        fetch(f"{site}/large", largest=1000)
    with pytest.raises(Unreachable, match="too long"):
        fetch(f"{site}/slow", seconds=0.3)


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
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("2606:2800:21f::1", True),
    ],
)
def test_which_addresses_are_outside(address: str, outside: bool) -> None:
    assert is_outside(address) is outside
