"""One encrypted message to one push service, and what its answer means."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.lib.webpush import encrypt
from zaguan.notifications.models import PushSubscription
from zaguan.notifications.server_key import sender

SECONDS = 8
# What a device that is off or away gets when it comes back within this time.
KEEP_SECONDS = 12 * 3600
_PROOF_SECONDS = 6 * 3600
_MOST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. `why` is a word for the cause, `sentence` says it to a person; `gone` devices are forgotten."""

    why: str = ""
    sentence: str = ""
    gone: bool = False
    again_after: float | None = None

    @property
    def ok(self) -> bool:
        return not self.why


def deliver(
    device: PushSubscription, message: dict[str, Any], *, topic: str = "", urgent: bool = True
) -> Answer:
    """Hand the message to the device's push service; never raises for what the service or the network does."""
    who = sender()
    if device.server_key != who.public:
        return Answer("key", _("This installation has another key now. Add this device again."), gone=True)
    if problem := unreachable(device.endpoint):
        return Answer("address", problem)
    try:
        body = encrypt(json.dumps(message).encode(), device.p256dh, device.auth)
    except ValueError:
        return Answer("keys", _("The keys of this device are not valid. Add it again."), gone=True)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEEP_SECONDS),
        "Urgency": "high" if urgent else "normal",
        "Authorization": who.authorization(device.endpoint, int(time.time()) + _PROOF_SECONDS),
    } | ({"Topic": topic} if topic else {})
    return _sent(Request(device.endpoint, data=body, headers=headers, method="POST"))  # noqa: S310 (https only)


def unreachable(endpoint: str) -> str:
    """Why we send nothing to this address; "" for one that we may call.

    An agent names it, so it may not lead into the house's own network.
    """
    parts = urlsplit(endpoint)
    if settings.PUSH_TO_OWN_NETWORK:
        return "" if parts.scheme in ("https", "http") and parts.hostname else _no_address()
    if parts.scheme != "https" or not parts.hostname:
        return _no_address()
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return _("The name %(host)s is not known here. Does this server reach the internet?") % {
            "host": parts.hostname
        }
    if all(ipaddress.ip_address(each[4][0]).is_global for each in found):
        return ""
    return _("%(host)s is in our own network, where nothing is sent to.") % {"host": parts.hostname}


def _no_address() -> str:
    return _("The address of the push service does not begin with https.")


class _NoRedirects(HTTPRedirectHandler):
    """A push service that sends us elsewhere is answered like one that refuses."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _sent(request: Request) -> Answer:
    try:
        with build_opener(_NoRedirects).open(request, timeout=SECONDS):
            return Answer()
    except HTTPError as refusal:
        with refusal:
            said = " ".join(refusal.read(300).decode("utf-8", "replace").split())
        return _meaning(refusal.code, said, refusal.headers.get("Retry-After", ""))
    except (URLError, TimeoutError, ssl.SSLError, OSError, HTTPException) as problem:
        told = str(getattr(problem, "reason", "") or problem)
        sentence = _("The push service cannot be reached from this server: %(problem)s") % {"problem": told}
        return Answer("network", sentence, again_after=30.0)


def _meaning(code: int, said: str, wait: str) -> Answer:
    values = {"code": code, "said": said or "–"}
    if code in (404, 410):
        return Answer("gone", _("The browser has given this device up. Add it again."), gone=True)
    if code == 429 or code >= 500:
        after = min(float(wait), _MOST_WAIT) if wait.isdigit() else 30.0
        sentence = _("The push service is busy (%(code)d: %(said)s). We try again.") % values
        return Answer("busy", sentence, again_after=after)
    if code in (401, 403):
        return Answer(
            "key", _("The push service refuses our key (%(code)d: %(said)s). Add this device again.") % values
        )
    if code == 413:
        return Answer("size", _("The push service says that the message is too large."))
    return Answer("refused", _("The push service refused the message (%(code)d: %(said)s).") % values)
