"""How things look to machines: plain dictionaries from rows, each with its schema for the documentation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Schema

from zaguan.people.models import Contact, Organisation
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.models import Ticket


class NameOut(Schema):
    id: int
    name: str


class StatusOut(NameOut):
    phase: str


class PersonOut(Schema):
    id: str
    name: str
    email: str | None = None


class CopyOut(Schema):
    email: str
    name: str = ""


class TypeOut(NameOut):
    category: str
    icon: str


class TicketOut(Schema):
    """A ticket without its conversation. `version` goes into If-Match of the next PATCH."""

    number: int
    id: str
    url: str
    subject: str
    status: StatusOut
    status_reason: str
    team: NameOut | None
    assignee: NameOut | None
    requester: PersonOut | None
    organisation: PersonOut | None
    category: NameOut | None
    urgency: NameOut | None
    service: NameOut | None
    # None is a conversation. Attributes by key; lists leave them out.
    type: TypeOut | None
    attributes: dict[str, Any] | None = None
    tags: list[str]
    copies: list[CopyOut]
    is_internal: bool
    is_important: bool
    channel: str
    account: str
    summary: str
    version: int
    message_count: int
    note_count: int
    created_at: datetime
    updated_at: datetime
    active_at: datetime
    waiting_since: datetime | None
    first_answered_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    # The nearest open deadline, of which target it is, and how the promises stand: ontrack, risk, breached, paused, met.
    due_at: datetime | None
    due_kind: str | None
    sla_state: str | None
    # How its approvals stand: waiting, approved, rejected; null without any.
    approval_state: str | None


RELATED = ("status", "team", "assignee", "requester", "organisation", "category", "urgency", "service")


def named(row: Any) -> dict[str, Any] | None:
    """Id and name of a team, agent, list entry …; None stays None."""
    return None if row is None else {"id": row.pk, "name": getattr(row, "label", None) or row.name}


def typed(type_id: int | None) -> dict[str, Any] | None:
    """The type with its icon; None for a conversation."""
    kind = reference.types.get(type_id)
    return (
        None
        if kind is None
        else {"id": kind.pk, "name": kind.label, "category": kind.category, "icon": kind.icon}
    )


def person(contact: Contact | Organisation | None, email: str | None = None) -> dict[str, Any] | None:
    """A contact or organisation by its public id."""
    return None if contact is None else {"id": contact.public_id, "name": contact.name, "email": email}


def ticket_out(ticket: Ticket) -> dict[str, Any]:
    """A ticket read with `RELATED` joined and `tags`, `copies`, `requester__identities` prefetched."""
    requester = ticket.requester
    email = None
    if requester is not None:
        email = next((i.value for i in requester.identities.all() if i.kind == "email"), None)
    return ticket_dict(
        ticket,
        requester=requester,
        email=email,
        organisation=ticket.organisation,
        tags=[tag.name for tag in ticket.tags.all()],
        copies=[(c.email, c.name) for c in ticket.copies.all()],
    )


def ticket_dict(
    ticket: Ticket,
    *,
    requester: Contact | None,
    email: str | None,
    organisation: Organisation | None,
    tags: list[str],
    copies: Iterable[tuple[Any, ...]],
) -> dict[str, Any]:
    """A ticket with what stands around it; its lists come from the kept tables."""
    status = reference.statuses.get(ticket.status_id)
    return (
        {name: getattr(ticket, name) for name in _PLAIN}
        | {name: named(table.get(getattr(ticket, f"{name}_id"))) for name, table in _LISTS.items()}
        | {
            "number": ticket.pk,
            "id": ticket.public_id,
            "url": f"{settings.BASE_URL}/desk/tickets/{ticket.pk}/",
            "status": {"id": ticket.status_id, "name": status.label if status else "", "phase": ticket.phase},
            "type": typed(ticket.type_id),
            "requester": person(requester, email),
            "organisation": person(organisation),
            "tags": tags,
            "copies": [{"email": address, "name": name} for address, name in copies],
        }
    )


_COLUMNS = {f.name for f in Ticket._meta.concrete_fields if not f.is_relation} - {"id"}
_PLAIN = [name for name in TicketOut.model_fields if name in _COLUMNS]
_LISTS: dict[str, Kept[Any]] = {
    "team": reference.teams,
    "assignee": reference.agents,
    "category": reference.categories,
    "urgency": reference.urgencies,
    "service": reference.services,
}
