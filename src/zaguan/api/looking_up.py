"""Names and ids in a caller's words to rows, through what the caller may see; unknown ones are refused by field."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from zaguan.conversations.models import Inbox
from zaguan.lib.errors import Refused
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, Team
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import Status, Ticket, TicketType

M = TypeVar("M", bound=Model)


def ticket_for(viewer: Agent, number: int) -> Ticket:
    """The ticket, or 404 when the viewer may not know of it. A merged number leads to the survivor."""
    found = Ticket.objects.visible_to(viewer).filter(pk=number).first()
    survivor = survivor_number(number) if found is None else None
    if survivor is not None:
        return ticket_for(viewer, survivor)
    if found is None:
        raise Http404(_("There is no ticket %(number)s.") % {"number": number})
    return found


def found(rows: QuerySet[M], **by: Any) -> M:
    """The row with this id, or 404 when there is none that the viewer may know of."""
    row = rows.filter(**by).first()
    if row is None:
        raise Http404(_("There is nothing here."))
    return row


def one(rows: Iterable[M], wanted: int | str | None, field: str) -> M | None:
    """The row with this id, or with this name in any language; None stays None. Raises Refused naming the field."""
    if wanted is None or wanted == "":
        return None
    for row in rows:
        names = {
            str(getattr(row, "name", "")).lower(),
            *(str(n).lower() for n in getattr(row, "names", {}).values()),
        }
        if row.pk == wanted or str(wanted).lower() in names or str(row.pk) == wanted:
            return row
    known = ", ".join(str(row) for row in islice(rows, 12))
    raise Refused(
        _("“%(value)s” is not known. Choose one of: %(known)s.") % {"value": wanted, "known": known},
        field=field,
    )


def team(viewer: Agent, wanted: int | str | None) -> Team | None:
    """A team in use."""
    return one(_in_use(reference.teams), wanted, "team")


def agent(viewer: Agent, wanted: int | str | None) -> Agent | None:
    """An agent by id, name or mail address."""
    rows = Agent.objects.visible_to(viewer).filter(is_active=True)
    if isinstance(wanted, str) and "@" in wanted:
        found = rows.filter(email=wanted.lower()).first()
        if found:
            return found
    return one(rows, wanted, "assignee")


def status(viewer: Agent, wanted: int | str | None) -> Status | None:
    """A status in use, for those who may set one; 403 for others, whatever the route asked for."""
    if wanted not in (None, "") and not viewer.can("tickets.set_status"):
        raise HttpError(403, "tickets.set_status")
    return one(_in_use(reference.statuses), wanted, "status")


def lists(viewer: Agent, values: dict[str, Any]) -> dict[str, Any]:
    """Replace category, urgency and service by their rows, where given."""
    kinds: dict[str, Kept[Any]] = {
        "category": reference.categories,
        "urgency": reference.urgencies,
        "service": reference.services,
    }
    return values | {n: one(_in_use(kinds[n]), values[n], n) for n in kinds if n in values}


def ticket_type(wanted: int | str | None) -> TicketType | None:
    """A type that is offered."""
    return one(_in_use(reference.types), wanted, "type")


def _in_use(table: Kept[M]) -> list[M]:
    return [row for row in table.all().values() if getattr(row, "archived_at", None) is None]


def requester(viewer: Agent, wanted: dict[str, str] | str | None) -> Contact | None:
    """A contact by public id, or by mail address (made when new)."""
    if not wanted:
        return None
    if isinstance(wanted, str) and "@" not in wanted:
        found = Contact.objects.visible_to(viewer).filter(public_id=wanted).first()
        if found is None:
            raise Refused(_("There is no contact %(id)s.") % {"id": wanted}, field="requester")
        return found
    email, name = (
        (wanted, "") if isinstance(wanted, str) else (wanted.get("email", ""), wanted.get("name", ""))
    )
    if "@" not in email.strip("@"):
        raise Refused(_("“%(value)s” is not an e-mail address.") % {"value": email}, field="requester")
    return contact_for_email(email, name, by=viewer, origin="api")


def inbox(viewer: Agent, wanted: str | None) -> Inbox | None:
    """An inbox by public id or address."""
    if not wanted:
        return None
    rows = Inbox.objects.visible_to(viewer).filter(is_active=True)
    found = rows.filter(public_id=wanted).first() or rows.filter(address=wanted.lower()).first()
    if found is None:
        raise Refused(_("There is no inbox %(id)s.") % {"id": wanted}, field="inbox")
    return found
