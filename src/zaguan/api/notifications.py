"""What one was told, what one wants to hear, and the devices that are told."""

from typing import Any

from django.db import transaction
from ninja import Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.notification_shapes import (
    CountOut,
    DeviceIn,
    DeviceOut,
    DevicesOut,
    NotificationChange,
    NotificationOut,
    PreferencesChange,
    PreferencesOut,
    ReadIn,
    ReadOut,
)
from zaguan.api.paging import Paged, newest_first
from zaguan.conversations.models import Inbox
from zaguan.notifications.devices import add_device, take_off
from zaguan.notifications.kinds import KINDS, MEDIA
from zaguan.notifications.models import Notification, PushSubscription
from zaguan.notifications.preferring import choose, is_on, preferences
from zaguan.notifications.reading import MOST, read_about, read_all, read_one, unread_again, unread_tickets
from zaguan.notifications.server_key import sender
from zaguan.notifications.wishing import FIELDS, wish, wishes_of
from zaguan.notifications.wording import sentence, title
from zaguan.people.models import Agent, Team

router = Router(tags=["notifications"])


def _told(row: Notification) -> dict[str, Any]:
    plain = ("id", "kind", "bundled", "created_at", "read_at")
    return {name: getattr(row, name) for name in plain} | {
        "ticket": row.ticket_id,
        "title": title(row),
        "text": sentence(row),
    }


@router.get("/notifications", response=Paged[NotificationOut], summary="List what one was told")
@needs("desk.use")
def list_notifications(
    request: AgentRequest, unread: bool = False, cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """Newest first; only of tickets that one may still see."""
    rows = Notification.objects.visible_to(request.auth).in_bell().select_related("ticket")
    page, after = newest_first(rows.unread() if unread else rows, cursor, size)
    return {"items": [_told(row) for row in page], "next_cursor": after}


@router.get("/notifications/count", response=CountOut, summary="Count what is unread")
@needs("desk.use")
def count_notifications(request: AgentRequest) -> dict[str, Any]:
    found = len(unread_tickets(request.auth))
    return {"unread": min(found, MOST), "more": found > MOST}


@router.post(
    "/notifications/read", response=ReadOut, summary="Mark as read: all about a ticket, or everything"
)
@needs("desk.use")
@once
def read_notifications(request: AgentRequest, body: ReadIn) -> dict[str, int]:
    if body.ticket is None:
        return {"read": read_all(request.auth)}
    return {"read": read_about(request.auth, looking_up.ticket_for(request.auth, body.ticket).pk)}


@router.patch(
    "/notifications/{int:notification_id}", response=NotificationOut, summary="Mark one as read, or as unread"
)
@needs("desk.use")
@once
def change_notification(
    request: AgentRequest, notification_id: int, body: NotificationChange
) -> dict[str, Any]:
    """With the bundle that it stands for."""
    rows = Notification.objects.visible_to(request.auth).select_related("ticket")
    row = looking_up.found(rows, pk=notification_id)
    if body.read:
        read_one(request.auth, row)
    else:
        unread_again(request.auth, row)
    return _told(looking_up.found(rows, pk=notification_id))


def _preferences(request: AgentRequest) -> dict[str, Any]:
    agent, wishes = request.auth, wishes_of(request.auth.pk)
    cells = [
        {"kind": kind, "medium": medium, "on": is_on(agent.pk, kind, medium)}
        for kind in KINDS
        for medium in MEDIA
    ]
    return {"preferences": cells} | {name: getattr(wishes, name) for name in FIELDS}


@router.get("/notification-preferences", response=PreferencesOut, summary="Read what one wants to hear")
@needs("desk.use")
def read_preferences(request: AgentRequest) -> dict[str, Any]:
    """For all tickets; what was chosen for a team or an inbox alone is not listed."""
    return _preferences(request)


@router.patch("/notification-preferences", response=PreferencesOut, summary="Choose what one wants to hear")
@needs("desk.use")
@once
def change_preferences(request: AgentRequest, body: PreferencesChange) -> dict[str, Any]:
    try:
        with transaction.atomic():
            _change(request.auth, body)
    finally:
        # It was read while it was being written.
        preferences.forget()
    return _preferences(request)


def _change(agent: Agent, body: PreferencesChange) -> None:
    for each in body.preferences:
        teams, inboxes = Team.objects.visible_to(agent), Inbox.objects.visible_to(agent)
        team = looking_up.found(teams, pk=each.team) if each.team is not None else None
        inbox = looking_up.found(inboxes, public_id=each.inbox) if each.inbox else None
        choose(agent, {(each.kind, each.medium): each.on}, by=agent, team=team, inbox=inbox)
    given = {
        name: value for name, value in body.model_dump(exclude={"preferences"}).items() if value is not None
    }
    if given:
        wish(agent, by=agent, **given)


@router.get("/devices", response=DevicesOut, summary="List the devices that are told by push")
@needs("desk.use")
def list_devices(request: AgentRequest) -> dict[str, Any]:
    rows = PushSubscription.objects.visible_to(request.auth).order_by("pk")
    return {"server_key": sender().public, "items": list(rows)}


@router.post("/devices", response={201: DeviceOut}, summary="Tell one more device")
@needs("desk.use")
@once
def create_device(request: AgentRequest, body: DeviceIn) -> Status[Any]:
    values = {
        "p256dh": body.keys.p256dh,
        "auth": body.keys.auth,
        "endpoint": body.endpoint,
        "name": body.name,
    }
    return Status(201, add_device(request.auth, by=request.auth, **values))


@router.delete("/devices/{int:device_id}", response={204: None}, summary="Tell a device nothing any more")
@needs("desk.use")
def remove_device(request: AgentRequest, device_id: int) -> None:
    take_off(
        looking_up.found(PushSubscription.objects.visible_to(request.auth), pk=device_id), by=request.auth
    )
