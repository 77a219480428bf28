"""After sending: take it back, or try again."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.conversations.models import Message
from zaguan.conversations.retrying import retry as try_again
from zaguan.conversations.withdrawing import withdraw as take_back
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast


@require_POST
@needs("conversations.reply")
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a message back before it leaves; its words return to the composer."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk, agent=request.user)
    take_back(message, by=request.user)
    back = HttpResponseRedirect(f"/desk/tickets/{message.ticket_id}/#composer")
    return toast(request, _("Taken back. Your text is in the composer again."), otherwise=back)


@require_POST
@needs("conversations.reply")
def retry(request: AgentRequest, pk: int) -> HttpResponse:
    """Try a failed delivery again; for an unknown one that is the agent's own decision (R03)."""
    message = get_object_or_404(Message.objects.visible_to(request.user), deliveries=pk)
    delivery = message.deliveries.get(pk=pk)
    try_again(delivery, by=request.user)
    back = HttpResponseRedirect(f"/desk/tickets/{message.ticket_id}/#message-{message.pk}")
    return toast(request, _("It is being sent again."), otherwise=back)
