"""A duplicate was marked: offer right there to make one ticket of the two (A4.5)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.tickets.models import Ticket

# As an agent says it of another ticket: kind and direction.
DUPLICATES = ("duplicate-out", "duplicate-in")


def merge_address(ticket: int, other: int, choice: str) -> str:
    """The dialog that makes one of two: begun from the ticket that is kept, so that it stays."""
    kept, double = (ticket, other) if choice == "duplicate-out" else (other, ticket)
    return f"/desk/tickets/{kept}/merge/?ticket={double}"


def offer_merge(request: AgentRequest, ticket: Ticket, other: Ticket, choice: str) -> HttpResponse:
    """The link stands; merging is one press away, and no duty."""
    kept, double = (ticket, other) if choice == "duplicate-out" else (other, ticket)
    context = {
        "kept": kept.pk, "double": double.pk, "merge_address": merge_address(ticket.pk, other.pk, choice),
    }  # fmt: skip
    offer = ActionDialog(
        request, ticket, "desk/ticket/offer_merge.jinja", _("Merge the duplicates?"), context=context
    )
    answer = offer.show()
    if offer.is_within:
        answer["HX-Trigger"] = '{"zaguan:changed": {}}'
    return answer
