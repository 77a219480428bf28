"""One ticket as the API shows it, in a handful of lookups by key that are made once per process."""

from __future__ import annotations

from typing import Any

from zaguan.api.shapes import ticket_dict
from zaguan.lib.prepared import Prepared, PreparedRows
from zaguan.people.models import Agent, Contact, Identity, Organisation
from zaguan.tickets import reference
from zaguan.tickets.attributes import by_key
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import CarbonCopy, Ticket

_ticket = PreparedRows(lambda pk: Ticket.objects.filter(pk=pk).order_by())
_contact = PreparedRows(lambda pk: Contact.objects.filter(pk=pk).order_by())
_organisation = PreparedRows(lambda pk: Organisation.objects.filter(pk=pk).order_by())
_addresses = Prepared(
    lambda pk: (
        Identity.objects.filter(contact_id=pk, kind="email")
        .order_by("-is_primary", "id")
        .values_list("value")
    )
)
_tags = Prepared(
    lambda pk: Ticket.tags.through.objects.filter(ticket_id=pk).order_by("id").values_list("tag_id")
)
_copies = Prepared(
    lambda pk: CarbonCopy.objects.filter(ticket_id=pk).order_by("id").values_list("email", "name")
)


def shown(number: int, viewer: Agent) -> dict[str, Any] | None:
    """The ticket, or None when there is none or the viewer may not know of it. A merged number shows the survivor."""
    found: list[Ticket] = _ticket(number)
    if found and found[0].merged_into_id:
        survivor = survivor_number(number)
        return shown(survivor, viewer) if survivor else None
    if not found or not found[0].is_known_to(viewer):
        return None
    return _drawn(found[0])


def _drawn(ticket: Ticket) -> dict[str, Any]:
    people = _contact(ticket.requester_id) if ticket.requester_id else []
    emails = _addresses(ticket.requester_id) if ticket.requester_id else []
    organisations = _organisation(ticket.organisation_id) if ticket.organisation_id else []
    worn = [reference.tags.get(tag_id) for (tag_id,) in _tags(ticket.pk)]
    drawn = ticket_dict(
        ticket,
        requester=people[0] if people else None,
        email=emails[0][0] if emails else None,
        organisation=organisations[0] if organisations else None,
        tags=[tag.name for tag in worn if tag],
        copies=_copies(ticket.pk),
    )
    return drawn | ({"attributes": by_key(ticket)} if ticket.type_id else {})
