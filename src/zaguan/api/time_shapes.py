"""The shapes of working time in the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest
from zaguan.api.moments import Moment
from zaguan.api.shapes import NameOut, PersonOut, named, person
from zaguan.tickets.models import TimeActivity, TimeEntry
from zaguan.tickets.time_parts import NewTime


class WorkedIn(Schema):
    """Give `minutes`, or start and end, or both when what counts is not how long it took.

    Without `kind` the calendar says which part is normal, overtime or night; the answer then has an entry for each.
    """

    day: date | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    kind: Literal["", "normal", "overtime", "night"] = ""
    minutes: int | None = None
    activity: int | str | None = None
    value: Decimal | None = Field(None, ge=0, lt=10_000_000)
    note: str = Field("", max_length=500)


class TimeIn(WorkedIn):
    """`message_id` is the answer or note of this ticket that it was worked for."""

    message_id: int | None = None


class TimeChange(Schema):
    day: date | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    kind: Literal["normal", "overtime", "night"] | None = None
    minutes: int | None = None
    activity: int | str | None = None
    value: Decimal | None = Field(None, ge=0, lt=10_000_000)
    note: str | None = Field(None, max_length=500)


class TimeOut(Schema):
    id: int
    ticket: int
    message_id: int | None
    agent: NameOut
    organisation: PersonOut | None
    activity: NameOut | None
    hour_bank: NameOut | None
    day: date
    started_at: datetime | None
    ended_at: datetime | None
    kind: str
    minutes: int
    rate: Decimal
    value: Decimal
    currency: str
    note: str
    state: str
    state_reason: str
    created_at: datetime


class StateIn(Schema):
    """`reason` is needed to reject."""

    state: Literal["open", "submitted", "approved", "rejected"]
    reason: str = ""


class SumOut(Schema):
    key: str
    label: str
    minutes: int
    entries: int
    values: dict[str, Decimal]


class Which(Schema):
    """A period, and whom it is about."""

    first: date | None = None
    last: date | None = None
    agent: int | str | None = None
    organisation: str = ""
    activity: int | str | None = None
    ticket: int | None = None
    state: Literal["", "open", "submitted", "approved", "rejected"] = ""
    kind: Literal["", "normal", "overtime", "night"] = ""


def time_out(entry: TimeEntry) -> dict[str, Any]:
    fields = (
        *(
            "id",
            "message_id",
            "day",
            "started_at",
            "ended_at",
            "kind",
            "minutes",
            "rate",
            "value",
            "currency",
            "note",
        ),
        *("state", "state_reason", "created_at"),
    )
    return {name: getattr(entry, name) for name in fields} | {
        "ticket": entry.ticket_id,
        "agent": named(entry.agent),
        "organisation": person(entry.organisation),
        "activity": named(entry.activity),
        "hour_bank": named(entry.bank),
    }


def activity_named(request: AgentRequest, wanted: int | str | None) -> TimeActivity | None:
    """The activity with this id or name; Refused for an unknown one."""
    return looking_up.one(TimeActivity.objects.visible_to(request.auth), wanted, "activity")


def new_time(request: AgentRequest, given: WorkedIn) -> NewTime:
    """A stretch of work as the verbs take it."""
    return NewTime(**given.model_dump() | {"activity": activity_named(request, given.activity)})
