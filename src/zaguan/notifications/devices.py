"""The devices that an agent gets push messages on: add, rename, take off."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.webpush import decode
from zaguan.notifications.models import PushSubscription
from zaguan.notifications.server_key import sender
from zaguan.people.models import Agent

MOST_DEVICES = 20
_LONGEST = 2000


def digest_of(endpoint: str) -> str:
    """What a device is found by."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


@transaction.atomic
def add_device(
    agent: Agent, *, endpoint: str, p256dh: str, auth: str, name: str, by: Any
) -> PushSubscription:
    """Send the agent's push messages to this browser as well; a browser belongs to who signed in last."""
    if not endpoint.startswith(("https://", "http://")) or len(endpoint) > _LONGEST:
        raise Refused(_("The address of the push service is not valid."), field="endpoint")
    if _length(p256dh) != 65 or _length(auth) != 16:
        raise Refused(_("The keys of this browser are not valid."), field="keys")
    found = PushSubscription.objects.filter(digest=digest_of(endpoint))
    others = PushSubscription.objects.filter(agent=agent).exclude(digest=digest_of(endpoint))
    if others.count() >= MOST_DEVICES:
        raise Refused(_("Take off a device first: there are %(count)d already.") % {"count": MOST_DEVICES})
    found.delete()
    return PushSubscription.objects.create(
        agent=agent,
        name=name.strip()[:80] or _("A device"),
        endpoint=endpoint,
        digest=digest_of(endpoint),
        p256dh=p256dh,
        auth=auth,
        server_key=sender().public,
    )


def _length(text: str) -> int:
    try:
        return len(decode(text.rstrip("=")))
    except ValueError:
        return 0


@transaction.atomic
def take_off(device: PushSubscription, *, by: Any) -> None:
    """Nothing is sent there any more."""
    device.delete()


@transaction.atomic
def rename_device(device: PushSubscription, name: str, *, by: Any) -> PushSubscription:
    """Call it what its owner calls it."""
    if not name.strip():
        raise Refused(_("A device needs a name."), field="name")
    device.name = name.strip()[:80]
    device.save(update_fields=["name"])
    return device
