"""Makers for tests of promises: a policy that holds, and targets in a few words."""

from __future__ import annotations

from typing import Any

from zaguan.events.base import SYSTEM
from zaguan.sla.models import Clock, Policy
from zaguan.sla.policies import save_policy, set_active
from zaguan.tickets.models import Ticket

HOUR = 3600


def target(kind: str, hours: float, **values: Any) -> dict[str, Any]:
    """A target in elapsed time that is at risk at three quarters, unless told otherwise."""
    given = {"kind": kind, "seconds": int(hours * HOUR), "in_business_time": False, "warn_percent": 75}
    return given | values


def make_policy(*targets: dict[str, Any], query: str = "", name: str = "Patio", **values: Any) -> Policy:
    """An active policy; without targets: first answer in an hour, resolution in eight, paused while others are at it."""
    usual = (
        target("first", 1),
        target("next", 2, pauses=["customer", "third", "nobody"]),
        target("resolution", 8, pauses=["customer", "third", "nobody"]),
    )
    policy = save_policy(None, by=SYSTEM, name=name, query=query, targets=targets or usual, **values)
    return set_active(policy, True, by=SYSTEM)


def clocks(ticket: Ticket) -> dict[str, Clock]:
    """The last clock of each kind."""
    rows = Clock.objects.filter(ticket=ticket).order_by("started_at", "id")
    return {row.kind: row for row in rows}
