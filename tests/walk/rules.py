"""How the addresses of rules and of ways between statuses are called, and what they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, form
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status

_WAYS = "/statuses/<int:status_id>"

DESK: dict[str, Entry] = {
    "desk:settings-transitions": form(post={"way": []}),
    "desk:edit-transitions": form("left-status", post={"fields": ["category"]}),
    "desk:edit-way-from-any": form("left-status", post={"who": "nobody"}),
    "desk:edit-way": form("left-status", "entered-status", post={"who": "nobody"}),
    "desk:ask-for-status": Entry(on=("ticket",), hidden=True, get={"status": "{status}"}, post={"status": "{status}", "reason": "x"}),
}  # fmt: skip

API: dict[str, Entry] = {
    f"GET {_WAYS}/ways": Entry(on=("left-status",), get={}),
    f"PUT {_WAYS}/ways": Entry(on=("left-status",), body={"who": "nobody"}),
    f"PUT {_WAYS}/needs": Entry(on=("left-status",), body={"fields": ["category"]}),
    "GET /tickets/<int:number>/statuses": Entry(on=("ticket",), get={}, hidden=True),
}


def scene_of_rules(world: World, ticket: Ticket) -> dict[str, Any]:
    """Two statuses; what is said about them holds up nothing else of the walk."""
    return {
        "left-status": default_status(Phase.SNOOZED).pk,
        "entered-status": default_status(Phase.WAITING_THIRD).pk,
    }
