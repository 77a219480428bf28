"""Ask another team from a conversation: a linked ticket with an owner of its own (A13.5–A13.9)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.tickets.categories import ANSWERED, Category
from zaguan.tickets.changing import lock, store
from zaguan.tickets.events import FieldsChanged
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import default_status, set_status


@transaction.atomic
def open_back_office(conversation: Ticket | int, new: NewTicket, *, by: Any, waits: bool = False) -> Ticket:
    """Open a back-office ticket for a conversation; `waits` lets the conversation wait for it meanwhile.

    It begins unshared. Raises Refused for a type of another category, and for what is no conversation.
    """
    front = lock(conversation)
    if new.type is None or new.type.category != Category.BACK_OFFICE:
        raise Refused(_("Choose a type of the back office."), field="type")
    if front.kind not in ANSWERED:
        raise Refused(_("A back-office ticket belongs to a conversation with a customer."))
    new.is_internal, new.requester, new.back_office_for = True, front.requester, front
    ticket = open_ticket(new, by=by)
    if waits and front.phase != Phase.CLOSED:
        reason = _("Waiting for ticket %(number)s.") % {"number": ticket.pk}
        set_status(front, default_status(Phase.WAITING_THIRD), by=by, reason=reason)
    return ticket


@transaction.atomic
def set_sharing(ticket: Ticket | int, shared: bool, *, by: Any) -> Ticket:
    """Let the customer see a back-office ticket, or no longer (A13.6); other tickets have no choice."""
    fresh = lock(ticket)
    if fresh.kind == Category.TRACKER:
        raise Refused(_("A tracker is internal: customers never see it."))
    if fresh.kind != Category.BACK_OFFICE:
        raise Refused(_("Only a back-office ticket is shared by choice."))
    if fresh.is_internal == shared:
        fresh.is_internal = not shared
        store(fresh, "is_internal")
        record(FieldsChanged(ticket_id=fresh.pk, changes={"is_shared": [not shared, shared]}), by=by)
    return fresh
