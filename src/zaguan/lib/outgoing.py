"""One request to an address that somebody typed in: never into the own network, never for long, never more than asked for."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LARGEST = 5 * 1024 * 1024
MOST_REDIRECTS = 4
_CHUNK = 65536


class Unreachable(Exception):  # noqa: N818 (read by people)
    """No answer was to be had; the text says why, to a person."""


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
) -> Answer:
    """Ask, and follow a GET elsewhere. Each address is looked up once, checked, and called as it was checked."""
    until = time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        answer = _asked(_parts(url), method, body, headers or {}, until, largest)
        elsewhere = answer.headers.get("location", "")
        if method != "GET" or answer.status not in (301, 302, 303, 307, 308) or not elsewhere:
            return answer
        if urlsplit(urljoin(url, elsewhere)).netloc != urlsplit(url).netloc:
            headers = {}  # what was meant for one host is not shown to another
        url = urljoin(url, elsewhere)
    raise Unreachable(_("The address leads on and on, and never to an answer."))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url.strip()):
        raise Unreachable(_("An address begins with https:// and the name of a server."))
    return parts


def _address(host: str, port: int) -> tuple[Any, ...]:
    """Where to call, if it may be called."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(
            _("The name %(host)s is not known. Check it, and whether this server reaches the internet.")
            % {"host": host}
        ) from None
    if host.lower() not in settings.OWN_NETWORK_HOSTS:
        found = [each for each in found if is_outside(str(each[4][0]))]
    if not found:
        raise Unreachable(_("%(host)s is in the own network, where nothing is asked.") % {"host": host})
    return tuple(found[0])


def is_outside(address: str) -> bool:
    """True for an address of the internet, also when one of the older kind is written within it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner and not is_outside(str(inner)):
            return False
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_outside(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def _asked(
    parts: SplitResult,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    until: float,
    largest: int,
) -> Answer:
    host = str(parts.hostname)
    link = HTTPConnection(host, parts.port or (443 if parts.scheme == "https" else 80))
    try:
        link.sock = _connected(parts.scheme, host, link.port, until)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": "Zaguan", "Accept-Encoding": "identity", "Connection": "close"} | dict(headers)
        link.request(method, path, body=body, headers={"Host": _host(parts), **sent})
        reply = link.getresponse()
        found = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, _read(reply, link.sock, until, largest), found)
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


def _connected(scheme: str, host: str, port: int, until: float) -> Any:
    family, kind, protocol, _name, address = _address(host, port)
    line = socket.socket(family, kind, protocol)
    try:
        line.settimeout(_left(until))
        line.connect(address)
        if scheme == "https":
            return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
    return line


def _read(reply: HTTPResponse, line: Any, until: float, largest: int) -> bytes:
    found = bytearray()
    while True:
        if line is not None and line.fileno() >= 0:
            line.settimeout(_left(until))
        part = reply.read1(_CHUNK)
        if not part:
            return bytes(found)
        found += part
        if len(found) > largest:
            raise Unreachable(_("The answer is too large."))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
