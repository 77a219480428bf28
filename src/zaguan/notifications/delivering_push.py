"""One encrypted message to one push service, and what its answer means."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.lib.outgoing import Closed, Unreachable, fetch
from zaguan.lib.webpush import encrypt
from zaguan.notifications.models import PushSubscription
from zaguan.notifications.server_key import sender

SECONDS, _LARGEST = 8, 65_536
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
    if not settings.PUSH_TO_OWN_NETWORK and not device.endpoint.lower().startswith("https://"):
        return Answer("address", _("The address of the push service does not begin with https."))
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
    return _sent(device.endpoint, body, headers)


def _sent(endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
    """An agent names the address, so it may not lead into the house's own network; nor is it followed elsewhere."""
    inside = settings.PUSH_TO_OWN_NETWORK
    try:
        said = fetch(
            endpoint, method="POST", body=body, headers=headers, seconds=SECONDS, largest=_LARGEST, own_network=inside
        )  # fmt: skip
    except Closed as closed:
        return Answer("address", str(closed))
    except Unreachable as problem:
        sentence = _("The push service cannot be reached from this server: %(problem)s") % {
            "problem": problem
        }
        return Answer("network", sentence, again_after=30.0)
    if said.ok:
        return Answer()
    words = " ".join(said.body[:300].decode("utf-8", "replace").split())
    return _meaning(said.status, words, said.headers.get("retry-after", ""))


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
