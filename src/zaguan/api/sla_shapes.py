"""Policies, clocks and reruns as the API writes them. Lengths of time are seconds."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from zaguan.api.shapes import NameOut
from zaguan.sla.models import Policy, PolicyVersion

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
