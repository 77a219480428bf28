"""The requester's other tickets: the last 25, as far as the viewer may know of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rows import ticket_row
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.tickets.models import Ticket
from zaguan.tickets.rows import read_rows

MOST = 25


@require_GET
@needs("desk.use")
def previous(request: AgentRequest, number: int) -> HttpResponse:
    """Newest activity first, with the same card as the list (A14.3)."""
    ticket = ticket_for(request, number)
    others = (
        Ticket.objects.visible_to(request.user).filter(requester=ticket.requester_id).exclude(pk=ticket.pk)
    )
    rows = read_rows(others.order_by("-active_at", "-id")[:MOST], request.user) if ticket.requester_id else []
    return render(
        request, "desk/ticket/previous.jinja", {"rows": [ticket_row(row, request.user) for row in rows]}
    )
