"""How notifications, what one wants to hear, and devices look in the API."""

from datetime import datetime, time
from typing import Literal

from ninja import Schema
from pydantic import Field

Medium = Literal["bell", "mail", "push"]


class NotificationOut(Schema):
    """`text` and `title` are in the caller's language; `bundled` counts what is unread about the same ticket."""

    id: int
    kind: str
    ticket: int | None
    title: str
    text: str
    bundled: int
    created_at: datetime
    read_at: datetime | None


class CountOut(Schema):
    """`unread` counts no further than 99; `more` says that there is more."""

    unread: int
    more: bool


class ReadIn(Schema):
    """All about one ticket, or everything."""

    ticket: int | None = None


class ReadOut(Schema):
    read: int


class NotificationChange(Schema):
    read: bool


class PreferenceIn(Schema):
    """For the tickets of a team or an inbox when one is named, else for all."""

    kind: str
    medium: Medium
    on: bool
    team: int | None = None
    inbox: str | None = None


class CellOut(Schema):
    kind: str
    medium: Medium
    on: bool


class PreferencesOut(Schema):
    preferences: list[CellOut]
    digest: str
    digest_at: time
    quiet: bool
    quiet_days: list[int]
    quiet_from: time
    quiet_to: time
    in_working_time: bool
    show_text: bool


class PreferencesChange(Schema):
    """Fields that are left out stay. Days are 0 (Monday) to 6."""

    preferences: list[PreferenceIn] = []
    digest: Literal["off", "hourly", "daily"] | None = None
    digest_at: time | None = None
    quiet: bool | None = None
    quiet_days: list[int] | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    in_working_time: bool | None = None
    show_text: bool | None = None


class DeviceKeys(Schema):
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)


class DeviceIn(Schema):
    """What a browser's push subscription says of itself, made with the key that GET /devices tells."""

    endpoint: str = Field(max_length=2000)
    keys: DeviceKeys
    name: str = Field("", max_length=80)


class DeviceOut(Schema):
    id: int
    name: str
    created_at: datetime
    succeeded_at: datetime | None
    failed_at: datetime | None
    failure: str


class DevicesOut(Schema):
    """`server_key` is what a browser subscribes with (VAPID)."""

    server_key: str
    items: list[DeviceOut]
