"""Policies, clocks and reruns as the API writes them. Lengths of time are seconds."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from zaguan.api.shapes import NameOut
from zaguan.sla.models import Difference, Policy, PolicyVersion, Rerun
from zaguan.sla.reading import Account, Beside, ClockAccount, Stretch

KindName = Literal["first", "next", "update", "resolution"]
PauseName = Literal["customer", "third", "nobody"]


class TargetIn(Schema):
    """`seconds` for every urgency that `by_urgency` (ids) does not name; 0 promises nothing.

    `pauses`: whose side stops it. `warn_percent` of the time, or `warn_before` seconds before its end, it is at risk.
    """

    kind: KindName
    seconds: int = Field(0, ge=0)
    by_urgency: dict[int, int] = Field(default_factory=dict)
    in_business_time: bool = True
    pauses: list[PauseName] = Field(default_factory=list)
    warn_percent: int | None = None
    warn_before: int | None = None


class PolicyIn(Schema):
    """`query` is a filter; empty finds every ticket. `calendar`: an id, or null for the calendar of the ticket's team."""

    name: str
    description: str = ""
    query: str = ""
    calendar: int | None = None
    targets: list[TargetIn]


class PolicyChange(Schema):
    """What is left out stays."""

    name: str | None = None
    description: str | None = None
    query: str | None = None
    calendar: int | None = None
    targets: list[TargetIn] | None = None
    active: bool | None = None


class VersionOut(Schema):
    version: int
    name: str
    query: str
    calendar: int | None
    targets: list[TargetIn]
    made_at: datetime
    made_by: str | None


class PolicyOut(NameOut):
    """`used`: on how many tickets its clocks started within seven days. `problem`: why its filter finds nothing any more."""

    description: str
    position: int
    active: bool
    version: int
    query: str
    calendar: int | None
    targets: list[TargetIn]
    used: int
    problem: str


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


class RerunIn(Schema):
    """Null: every open ticket."""

    policy: int | None = None


class RerunOut(Schema):
    """`state`: looking, ready, applying, done or stopped. Of `total` open tickets `seen` were looked at."""

    id: int
    policy: int | None
    state: str
    total: int
    seen: int
    changed: int
    breached: int
    saved: int
    applied: int
    created_at: datetime
    ended_at: datetime | None


class DifferenceOut(Schema):
    number: int = Field(alias="ticket_id")
    kind: str
    policy_before: str
    policy_after: str
    state_before: str
    state_after: str
    due_before: datetime | None
    due_after: datetime | None


def version_out(version: PolicyVersion) -> dict[str, Any]:
    """What a policy said at a time."""
    return {
        "version": version.number,
        "made_at": version.made_at,
        "made_by": version.made_by.name if version.made_by else None,
    } | _terms(version)


def _terms(version: PolicyVersion) -> dict[str, Any]:
    return {
        "name": version.name, "query": version.query, "calendar": version.calendar_id,
        "targets": version.targets,
    }  # fmt: skip


def policy_out(policy: Policy, version: PolicyVersion, used: int, problem: str) -> dict[str, Any]:
    """A policy with what it says now."""
    return _terms(version) | {
        "id": policy.pk,
        "name": policy.name,
        "description": policy.description,
        "position": policy.position,
        "active": policy.is_active,
        "version": policy.version,
        "used": used,
        "problem": problem,
    }


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


def rerun_out(rerun: Rerun) -> dict[str, Any]:
    """A rerun and how far it is."""
    named = {"policy": rerun.policy_id}
    return named | {name: getattr(rerun, name) for name in RerunOut.model_fields if name not in named}


def difference_out(one: Difference) -> dict[str, Any]:
    """One target that would change."""
    names = [name for name in DifferenceOut.model_fields if name != "number"]
    return {"ticket_id": one.ticket_id} | {name: getattr(one, name) for name in names}
