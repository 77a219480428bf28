"""How the addresses of approvals are called, and those that they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.events.base import Actor
from zaguan.lib.secrets import sign
from zaguan.testing.world import World
from zaguan.tickets.approvals import Asking, ask
from zaguan.tickets.models import Ticket

_AT = "/tickets/<int:number>/approvals"
_ONE = f"{_AT}/<int:approval_id>"

DESK: dict[str, Entry] = {
    "desk:ask-approval": form(
        "ticket", hidden=True, post={"question": "¿Sí?", "who": "Sol <sol@agency.example>", "team": "on"}
    ),
    "desk:withdraw-approval": form("ticket", "approval", hidden=True),
    "desk:ask-also": form("ticket", "approval", hidden=True, post={"who": "Sol <sol@agency.example>"}),
    "desk:decide-approval": button("approval", hidden=True, post={"decision": "approved"}),
    "desk:approvals": page(),
    # Whoever has the link may answer: it tells nothing but the question.
    "approval-link": form("approval-token", post={"decision": "approved"}, good=(200,)),
}
API: dict[str, Entry] = {
    "GET /approvals": Entry(get={}),
    f"GET {_AT}": Entry(on=("ticket",), get={}, hidden=True),
    f"POST {_AT}": Entry(
        on=("ticket",), body={"question": "¿Sí?", "contacts": ["sol@agency.example"]}, hidden=True
    ),
    f"GET {_ONE}": Entry(on=("ticket", "approval"), get={}, hidden=True),
    f"POST {_ONE}/approvers": Entry(
        on=("ticket", "approval"), body={"contacts": ["sol@agency.example"]}, hidden=True, good=(200,)
    ),
    f"POST {_ONE}/decide": Entry(on=("ticket", "approval"), body={"approve": True}, hidden=True, good=(200,)),
    f"POST {_ONE}/withdraw": Entry(on=("ticket", "approval"), body={}, hidden=True, good=(200,)),
}


def scene_of_approvals(world: World, ticket: Ticket, canary: str) -> dict[str, Any]:
    """One that waits for everybody of Support, and one of which Dan has the link."""
    everybody = [world.ana, world.bo, world.rita]
    question = Asking(question=f"zqapproval {canary}", agents=everybody, needs="all")
    made = ask(ticket, question, by=Actor("rule", 1))
    mailed = ask(ticket, Asking(question="¿Aceptas?", contacts=[world.dan]), by=world.ana)
    public_id = mailed.approvers.get().public_id
    return {
        "approval": made.pk,
        "approval-token": f"{public_id}.{sign(public_id, purpose='approval link')}",
    }
