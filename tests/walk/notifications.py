"""How the addresses of the bell, of what one wants to hear, and of the installable app are called."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.lib import webpush
from zaguan.notifications.devices import add_device
from zaguan.notifications.sending import notify
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

_P256DH = webpush.encode(webpush.public_bytes(webpush.new_key()))
_AUTH = webpush.encode(bytes(16))
_KEYS = {"p256dh": _P256DH, "auth": _AUTH}
_WISHES = {
    "do": "wishes", "digest": "off", "digest_at": "08:00", "quiet_from": "19:00", "quiet_to": "08:00",
}  # fmt: skip
_DEVICE = {"endpoint": "https://push.example/new", "keys": _KEYS}

DESK: dict[str, Entry] = {
    "desk:notifications": page(),
    "desk:notification-count": page(),
    "desk:read-notifications": button(post={"all": "1"}),
    "desk:open-notification": page("notification", hidden=True, only=("ana",), good=(302,)),
    "desk:own-notifications": form(post=_WISHES),
    "desk:settings-notifications": form(post=_WISHES),
    "desk:add-device": Entry(post={}, body=_DEVICE, good=(201,)),
    "desk:device": button("device", hidden=True, only=("ana",), post={"do": "remove"}),
    "desk:manifest": page(),
    "desk:service-worker": page(),
    "desk:offline": page(),
}


def _read(*on: str, **more: Any) -> Entry:
    return Entry(on=on, get=more.pop("get", {}), **more)


API: dict[str, Entry] = {
    "GET /notifications": _read(),
    "GET /notifications/count": _read(),
    "POST /notifications/read": Entry(body={}, good=(200,)),
    "PATCH /notifications/<int:notification_id>": Entry(
        on=("notification",), body={"read": True}, hidden=True, only=("ana",)
    ),
    "GET /notification-preferences": _read(),
    "PATCH /notification-preferences": Entry(
        body={"preferences": [{"kind": "assigned", "medium": "mail", "on": True}], "digest": "daily"}
    ),
    "GET /devices": _read(),
    "POST /devices": Entry(body=_DEVICE),
    "DELETE /devices/<int:device_id>": Entry(on=("device",), hidden=True, only=("ana",)),
}


def notification_ids(world: World, ticket: Ticket, canary: str) -> dict[str, Any]:
    """Something that Ana was told, and her device."""
    (row,) = notify([world.ana], kind="rule", ticket_id=ticket.pk, text=f"zqtold {canary}")
    device = add_device(
        world.ana, endpoint="https://push.example/ana", p256dh=_P256DH, auth=_AUTH, name=f"zqdevice {canary}",
        by=world.ana,
    )  # fmt: skip
    return {"notification": row.pk, "device": device.pk}
