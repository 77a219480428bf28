"""What was exchanged in a ticket and its family, and how each was solved."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs
from zaguan.api.shapes import NameOut, named
from zaguan.conversations.family_history import SIZE, Entry, history_of
from zaguan.lib.text import excerpt
from zaguan.people.reference import agents
from zaguan.tickets.family import family_of

router = Router(tags=["tickets"])


class HistoryEntryOut(Schema):
    """A message (`direction`, `author`, `words`, `message`) or how a ticket was solved (`status`, `reason`, `words`: the last answer)."""

    kind: Literal["message", "solution"]
    at: datetime
    ticket: int
    subject: str
    # What the ticket is to the one asked about; empty for itself and for distant relatives.
    role: str
    status: NameOut | None
    direction: str
    channel: str
    author: str
    agent: NameOut | None
    reason: str
    words: str
    message: int | None


class FamilyHistoryOut(Schema):
    """`tickets` are those that it is about; `hidden` counts linked ones that the caller may not see."""

    items: list[HistoryEntryOut]
    next_cursor: str | None
    tickets: list[int]
    hidden: int
    is_cut: bool


@router.get(
    "/tickets/{int:number}/family-history", response=FamilyHistoryOut, summary="Read the history of a family"
)
@needs("desk.use")
def read_family_history(
    request: AgentRequest,
    number: int,
    show: Literal["", "in", "out", "solved"] = "",
    customer: bool = False,
    only: int | None = None,
    cursor: str = "",
    size: int = SIZE,
) -> dict[str, Any]:
    """Newest first. `customer` adds the customer's other tickets, `only` leaves all but one ticket out."""
    ticket = looking_up.ticket_for(request.auth, number)
    family = family_of(ticket, request.auth, same_customer=customer)
    page = history_of(family, request.auth, show=show, ticket=only, cursor=cursor, size=size)
    return {
        "items": [_out(entry, family.roles) for entry in page.entries],
        "next_cursor": page.next_cursor or None,
        "tickets": family.numbers,
        "hidden": family.hidden,
        "is_cut": family.is_cut,
    }


def _out(entry: Entry, roles: dict[int, str]) -> dict[str, Any]:
    ticket, message, solution = entry.ticket, entry.message, entry.solution
    shown: dict[str, Any] = {"at": entry.at, "ticket": ticket.pk, "subject": ticket.subject}
    shown |= {"role": roles.get(ticket.pk, ""), "direction": "", "channel": "", "author": "", "reason": ""}
    if message is not None:
        return shown | {
            "kind": "message",
            "status": None,
            "direction": message.direction,
            "channel": message.channel,
            "author": message.sender_name or message.sender_address,
            "agent": named(agents.get(message.agent_id)),
            "words": excerpt(message.reply_text or message.text, 500),
            "message": message.pk,
        }
    assert solution is not None
    by = solution.by.id if solution.by and solution.by.kind == "agent" else None
    return shown | {
        "kind": "solution",
        "status": named(ticket.status),
        "agent": named(agents.get(by)),
        "reason": solution.reason,
        "words": solution.answer,
        "message": solution.answer_id,
    }
