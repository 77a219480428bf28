"""How the addresses of side threads are called, and the one that they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.conversations.side_threads import Question, start_side_thread, write_beside
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

_AT = "/tickets/<int:number>"
_ASKED = {"to": [{"email": "sue@supplier.example"}], "subject": "Una pieza", "text": "Hola"}
# What was not seen yet is shown first.
_TYPED = {"to": "sue@supplier.example", "subject": "Una pieza", "question_text": "Hola", "days": "30"}

DESK: dict[str, Entry] = {
    "desk:ask-outside": form("ticket", hidden=True, post=_TYPED, good=(200,)),
    "desk:outside-draft": button("ticket", hidden=True, post=_TYPED),
    "desk:side-draft": button("ticket", "side", hidden=True, post={"side_text": "Hola"}),
    "desk:withdraw-beside": button("side_message", hidden=True, only=("ana",)),
    "desk:outside-people": page("ticket", hidden=True, get={"q": "su"}),
    "desk:side-thread": button("ticket", "side", hidden=True, post={"do": "close"}),
}
API: dict[str, Entry] = {
    f"GET {_AT}/side-threads": Entry(on=("ticket",), get={}, hidden=True),
    f"POST {_AT}/side-threads": Entry(on=("ticket",), body=_ASKED, hidden=True),
    f"POST {_AT}/side-threads/preview": Entry(on=("ticket",), body=_ASKED, hidden=True, good=(200,)),
    "GET /side-threads/<int:side_id>/messages": Entry(on=("side",), get={}, hidden=True),
    "POST /side-threads/<int:side_id>/messages": Entry(on=("side",), body={"text": "Hola"}, hidden=True),
    "POST /side-threads/<int:side_id>/messages/<int:message_id>/withdraw": Entry(
        on=("side", "side_message"), body={}, hidden=True, only=("ana",), good=(200,)
    ),
    "PUT /side-threads/<int:side_id>/state": Entry(on=("side",), body={"closed": True}, hidden=True),
}


def scene_of_outside(world: World, ticket: Ticket, canary: str) -> dict[str, Any]:
    """A question to a supplier about Support's ticket."""
    question = Question(
        to=[("sue@supplier.example", "")], subject=f"zqasked {canary}", html=f"<p>zqside {canary}</p>"
    )
    side = start_side_thread(ticket, question, by=world.ana)
    message = write_beside(side, f"<p>zqbeside {canary}</p>", by=world.ana)
    return {"side": side.pk, "side_message": message.pk}
