"""The shapes of templates and of tickets that open by themselves in the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Schema


class PlannedTimeIn(Schema):
    """Working time of the day on which the ticket opens: `minutes`, or `start` and `end` by the clock (09:30)."""

    start: str = Field("", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    end: str = Field("", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    minutes: int | None = None
    kind: Literal["", "normal", "overtime", "night"] = ""
    activity: int | str | None = None
    value: Decimal | None = Field(None, ge=0, lt=10_000_000)
    note: str = Field("", max_length=500)


class PlanIn(Schema):
    """A ticket as it will be. Names or ids, as when opening one. `html` is its first note, or mail with `kind` "reply".

    `promise_minutes`: the expected solution, so long after the ticket opens.
    """

    subject: str = Field("", max_length=300)
    is_internal: bool = False
    is_important: bool = False
    requester: str | None = None
    inbox: str | None = None
    team: int | str | None = None
    assignee: int | str | None = None
    category: int | str | None = None
    urgency: int | str | None = None
    service: int | str | None = None
    tags: list[str] = []
    html: str = ""
    kind: Literal["note", "reply"] = "note"
    # A type by name or id, and its attributes by key.
    type: int | str | None = None
    attributes: dict[str, Any] = {}
    promise_minutes: int | None = Field(None, ge=1, le=5_256_000)
    promise_public: bool = False
    time: PlannedTimeIn | None = None


class TemplateIn(Schema):
    """`shared`: "" for oneself, "all", or the id of a team."""

    name: str = Field(min_length=1, max_length=80)
    values: PlanIn
    shared: str = ""


class TemplateOut(Schema):
    id: int
    name: str
    shared: str
    values: dict[str, Any]


class ScheduleIn(Schema):
    """`rule` is one of RFC 5545 without DTSTART, such as FREQ=WEEKLY;BYDAY=MO; `zone` an IANA name."""

    values: PlanIn
    starts_at: datetime
    zone: str = Field("UTC", max_length=64)
    rule: str = Field("", max_length=300)


class ScheduleOut(Schema):
    id: int
    subject: str
    words: str
    starts_at: datetime
    zone: str
    rule: str
    next: list[datetime]
    paused: bool
    cancelled: bool
    opened: int
    last_ticket: int | None
    problem: str


class ScheduleChange(Schema):
    do: Literal["pause", "resume", "cancel"]
