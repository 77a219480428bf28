"""One request to an address that somebody typed in: never into the own network, never for long, never more than asked for."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.lib.in_time import Timed, left
from zaguan.lib.outside import is_outside, tells_secrets

LARGEST = 5 * 1024 * 1024
MOST_REDIRECTS = 4
_CHUNK = 65536


class Unreachable(Exception):  # noqa: N818 (read by people)
    """No answer was to be had; the text says why, to a person."""


class Closed(Unreachable):
    """An address that is not called at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; any status, since what it means is the caller's to say."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10,
    largest: int = LARGEST,
    own_network: bool = False,
) -> Answer:
    """Ask, and follow a GET elsewhere. Each address is looked up once, checked, and called as it was checked.

    `own_network`: whoever runs the installation lets this call go there.
    """
    until = time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        line = _Line(_parts(url), until, own_network=own_network)
        answer = _asked(line, method, body, headers or {}, largest)
        elsewhere = answer.headers.get("location", "")
        if method != "GET" or answer.status not in (301, 302, 303, 307, 308) or not elsewhere:
            return answer
        with _only_the_web():
            url, before = urljoin(url, elsewhere), url
            if urlsplit(url)[:2] != urlsplit(before)[:2]:
                headers = {}  # what was meant for one host is not shown to another, nor in the open
    raise Unreachable(_("The address leads on and on, and never to an answer."))


@contextmanager
def _only_the_web() -> Iterator[None]:
    try:
        yield
    except ValueError:
        raise Closed(_("An address begins with https:// and the name of a server.")) from None


def _parts(url: str) -> SplitResult:
    with _only_the_web():
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        if not known or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url.strip()):
            raise ValueError(url)
        return parts


def _addresses(host: str, port: int, *, own_network: bool) -> list[Any]:
    """Where to call, as far as it may be called; at least one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(
            _("The name %(host)s is not known. Check it, and whether this server reaches the internet.")
            % {"host": host}
        ) from None
    may_be_inside = own_network or host.lower() in settings.OWN_NETWORK_HOSTS
    allowed = [each for each in found if _may_be_called(str(each[4][0]), inside=may_be_inside)]
    if not allowed:
        raise Closed(_("%(host)s is in the own network, where nothing is asked.") % {"host": host})
    return allowed


def _may_be_called(address: str, *, inside: bool) -> bool:
    return not tells_secrets(address) if inside else is_outside(address)


class _Line(HTTPConnection):
    """A connection that ends in time: each byte of the answer waits only for what is left of it."""

    def __init__(self, parts: SplitResult, until: float, *, own_network: bool) -> None:
        self.name = str(parts.hostname)
        super().__init__(self.name, parts.port or (443 if parts.scheme == "https" else 80))
        self.parts, self.until, self.own_network = parts, until, own_network

    def connect(self) -> None:
        """To the first of its addresses that answers; the last one's fault is told."""
        *others, last = _addresses(self.name, self.port, own_network=self.own_network)
        line = None
        for address in others:
            with suppress(OSError):
                line = line or _called(address, left(self.until) / 2)
        line = line or _called(last, left(self.until))
        self.sock = line
        if self.parts.scheme == "https":
            line.settimeout(left(self.until))
            self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=self.name)

    def response_class(self, line: Any, **given: Any) -> HTTPResponse:  # type: ignore[override]
        """The answer, read within the time."""
        return HTTPResponse(Timed(line, self.until), **given)  # type: ignore[arg-type]


def _called(found: Any, seconds: float) -> socket.socket:
    family, kind, protocol, _name, address = found
    line = socket.socket(family, kind, protocol)
    try:
        line.settimeout(seconds)
        line.connect(address)
    except BaseException:
        line.close()
        raise
    return line


def _asked(link: _Line, method: str, body: bytes | None, headers: Mapping[str, str], largest: int) -> Answer:
    host, parts = link.name, link.parts
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": "Zaguan", "Accept-Encoding": "identity", "Connection": "close"} | dict(headers)
        link.connect()
        link.sock.settimeout(left(link.until))
        link.request(method, path, body=body, headers={"Host": _host(parts), **sent})
        with link.getresponse() as reply:
            found = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(reply.status, _read(reply, largest), found)
    except Unreachable:
        raise
    except TimeoutError:
        raise Unreachable(_("%(host)s took too long to answer.") % {"host": host}) from None
    except ssl.SSLError as problem:
        told = problem.reason or str(problem)
        raise Unreachable(
            _("%(host)s has no valid certificate (%(problem)s).") % {"host": host, "problem": told}
        ) from None
    except (OSError, HTTPException, ValueError) as problem:
        raise Unreachable(
            _("%(host)s cannot be reached (%(problem)s).") % {"host": host, "problem": problem}
        ) from None
    finally:
        link.close()


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _read(reply: HTTPResponse, largest: int) -> bytes:
    found = bytearray()
    while part := reply.read1(_CHUNK):
        found += part
        if len(found) > largest:
            raise Unreachable(_("The answer is too large."))
    if reply.length:
        raise Unreachable(_("The answer broke off."))
    return bytes(found)
