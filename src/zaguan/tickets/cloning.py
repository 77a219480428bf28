"""A new ticket with the fields of another one (A3.2): its own number, its own history, and a link."""

from __future__ import annotations

from zaguan.tickets.models import Ticket
from zaguan.tickets.opening import NewTicket


def same_fields(ticket: Ticket) -> NewTicket:
    """What a ticket like this one opens with. Who works on it is asked again if they have left."""
    assignee = ticket.assignee if ticket.assignee and ticket.assignee.is_active else None
    return NewTicket(
        subject=ticket.subject,
        requester=ticket.requester,
        channel=ticket.channel,
        inbox_id=ticket.inbox_id,
        account=ticket.account,
        team=ticket.team,
        assignee=assignee,
        category=ticket.category,
        urgency=ticket.urgency,
        service=ticket.service,
        is_internal=ticket.is_internal,
        is_important=ticket.is_important,
        tags=list(ticket.tags.all()),
        copies=[(copy.email, copy.name) for copy in ticket.copies.all()],
    )
