"""Why a ticket is due when it is, as the API writes it. Lengths of time are seconds."""

from datetime import datetime
from typing import Any

from ninja import Schema

from zaguan.api.shapes import NameOut
from zaguan.sla.models import PolicyVersion
from zaguan.sla.reading import Account, Beside, ClockAccount, Stretch


class StretchOut(Schema):
    """Counted with its `seconds`, or a pause with its `cause`. `openings`: the opening hours within it."""

    start: datetime
    end: datetime | None
    seconds: int
    cause: str
    label: str
    status: str
    openings: list[tuple[datetime, datetime]]


class ClockOut(Schema):
    """`used` of `length` seconds have gone; `left` is set while it is paused."""

    kind: str
    label: str
    round: int
    state: str
    is_near: bool
    is_open: bool
    started_at: datetime
    due_at: datetime | None
    left: int | None
    length: int
    used: int
    warn_at: datetime | None
    missed_at: datetime | None
    met_at: datetime | None
    ended_by: str
    in_business_time: bool
    calendar: NameOut | None
    pauses: list[str]
    policy: NameOut
    version: int
    is_recounted: bool
    stretches: list[StretchOut]


class BesideOut(Schema):
    """`relation`: back_office or conversation."""

    number: int
    relation: str
    sla_state: str | None
    due_at: datetime | None
    due_kind: str | None


class AccountOut(Schema):
    """`terms` are the parts of the policy's filter, all of which hold. `would_be`: the policy that would be chosen now."""

    number: int
    state: str | None
    due_at: datetime | None
    due_kind: str | None
    promised_at: datetime | None
    policy: NameOut | None
    version: int | None
    is_newest: bool
    query: str
    terms: list[str]
    would_be: NameOut | None
    urgency: str
    clocks: list[ClockOut]
    beside: list[BesideOut]


def account_out(account: Account, found: list[Beside]) -> dict[str, Any]:
    """The promises of a ticket without its own columns."""
    version, other = account.version, account.would_be
    return {
        "policy": _policy_name(version),
        "version": version.number if version else None,
        "is_newest": account.is_newest,
        "query": version.query if version else "",
        "terms": [str(term) for term in account.terms],
        "would_be": _policy_name(other),
        "urgency": account.urgency,
        "clocks": [_clock(clock) for clock in account.clocks],
        "beside": [_beside(each) for each in found],
    }


def _policy_name(version: PolicyVersion | None) -> dict[str, Any] | None:
    return {"id": version.policy_id, "name": version.name} if version else None


_PLAIN = [
    name for name in ClockOut.model_fields if name not in ("calendar", "policy", "version", "stretches")
]


def _clock(clock: ClockAccount) -> dict[str, Any]:
    calendar = clock.calendar
    return {name: getattr(clock, name) for name in _PLAIN} | {
        "pauses": list(clock.pauses),
        "calendar": {"id": calendar.pk, "name": calendar.name} if calendar else None,
        "policy": _policy_name(clock.version),
        "version": clock.version.number,
        "stretches": [_stretch(each) for each in clock.stretches],
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {name: getattr(stretch, name) for name in StretchOut.model_fields}


def _beside(each: Beside) -> dict[str, Any]:
    names = ("sla_state", "due_at", "due_kind")
    columns = {name: getattr(each.ticket, name) for name in names}
    return {"number": each.ticket.pk, "relation": each.relation} | columns
