"""What a machine may change on a ticket, part by part, with the verbs of the desk."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from ninja.errors import HttpError

from zaguan.api import looking_up
from zaguan.api.moments import Moment
from zaguan.api.shapes import CopyOut
from zaguan.people.models import Agent
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.attributes import set_attributes
from zaguan.tickets.editing import edit, retag, set_copies, tag_named
from zaguan.tickets.models import Ticket
from zaguan.tickets.statuses import set_status
from zaguan.tickets.types import set_type


class TicketChange(Schema):
    """What to change; fields that are left out stay. Names or ids for status, team, assignee and lists."""

    subject: str | None = None
    status: int | str | None = None
    status_reason: str = ""
    until: Moment | None = None
    team: int | str | None = None
    assignee: int | str | None = None
    requester: str | None = None
    category: int | str | None = None
    urgency: int | str | None = None
    service: int | str | None = None
    # null turns a ticket back into a conversation; attributes by key, null empties one.
    type: int | str | None = None
    attributes: dict[str, Any] | None = None
    summary: str | None = None
    is_important: bool | None = None
    tags: list[str] | None = None
    copies: list[CopyOut] | None = None


NEEDED = {
    **dict.fromkeys(("status", "status_reason", "until"), "tickets.set_status"),
    **dict.fromkeys(("team", "assignee"), "tickets.assign"),
}


def check_permissions(agent: Agent, given: dict[str, Any]) -> None:
    """Each part asks for its own permission, whatever the route asked for."""
    for permission in {NEEDED.get(field, "tickets.edit") for field in given}:
        if not agent.can(permission):
            raise HttpError(403, permission)


def change(ticket: Ticket, given: dict[str, Any], *, by: Agent) -> None:
    """One verb per part, in the order in which the desk would do it."""
    if given.get("team"):
        set_team(ticket, looking_up.team(by, given["team"]), by=by)  # type: ignore[arg-type]
    if "assignee" in given:
        assign(ticket, looking_up.agent(by, given["assignee"]), by=by)
    plain = {n: given[n] for n in ("subject", "summary", "is_important") if given.get(n) is not None}
    plain |= looking_up.lists(by, {n: given[n] for n in ("category", "urgency", "service") if n in given})
    if given.get("requester"):
        plain["requester"] = looking_up.requester(by, given["requester"])
    if plain:
        edit(ticket, by=by, **plain)
    if "type" in given:
        set_type(ticket, looking_up.ticket_type(given["type"]), given.get("attributes"), by=by)
    elif given.get("attributes") is not None:
        set_attributes(ticket, given["attributes"], by=by)
    if given.get("tags") is not None:
        wanted = [tag_named(name) for name in given["tags"]]
        retag(ticket, by=by, add=wanted, remove=[t for t in ticket.tags.all() if t not in wanted])
    if given.get("copies") is not None:
        set_copies(ticket, [(c["email"], c["name"]) for c in given["copies"]], by=by)
    if given.get("status"):
        chosen = looking_up.status(by, given["status"])
        set_status(ticket, chosen, by=by, reason=given.get("status_reason", ""), until=given.get("until"))  # type: ignore[arg-type]
