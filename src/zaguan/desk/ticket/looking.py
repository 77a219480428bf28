"""What an agent has read of a ticket."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.conversations.seeing import mark_seen, mark_unseen
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.numbers import whole


@require_POST
@needs("desk.use")
def seen(request: AgentRequest, number: int) -> HttpResponse:
    """The agent has the ticket before their eyes, up to the message `last`."""
    mark_seen(request.user, ticket_for(request, number), last=whole(request.POST.get("last", "")))
    return HttpResponse(status=204)


@require_POST
@needs("desk.use")
def unread(request: AgentRequest, number: int) -> HttpResponse:
    """Let the ticket count as unread again."""
    ticket = ticket_for(request, number)
    mark_unseen(request.user, ticket)
    return toast(request, _("Marked as unread"), otherwise=HttpResponseRedirect("/desk/"))
