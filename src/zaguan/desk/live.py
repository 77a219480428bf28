"""Live updates: who else is at a ticket; and the stream's place in the tree of routes."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from zaguan.desk.access import AgentRequest, needs
from zaguan.realtime import presence
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import Ticket


@needs("desk.use")
def live(request: AgentRequest) -> HttpResponse:
    """Answered by config/asgi.py before Django; this is what a server without streams says."""
    return HttpResponse(_("Live updates are served by `zaguan live`."), status=503, content_type="text/plain")


@needs("desk.use")
def at_ticket(request: AgentRequest, number: int) -> JsonResponse:
    """POST what one does ("looking", "typing", "left"); both POST and GET answer who else is there."""
    seen = Ticket.objects.visible_to(request.user).only("pk")
    ticket = seen.filter(pk=number).first()
    if ticket is None:
        # A page that was open while its ticket was merged asks under the old number.
        ticket = get_object_or_404(seen, pk=survivor_number(number) or 0)
    if request.method == "POST":
        presence.note(request.user, ticket, request.POST.get("state", ""))
    there = presence.who(ticket.pk, besides=request.user)
    return JsonResponse(
        {"present": [{"id": p.agent.pk, "name": p.agent.name, "typing": p.typing} for p in there]}
    )
