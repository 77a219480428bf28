"""What can be done about the requester without leaving the ticket."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.people.identifying import clear_bounce
from zaguan.people.models import Contact


@require_POST
@needs("people.edit")
def clear(request: AgentRequest, pk: int) -> HttpResponse:
    """An address that bounced works again (R05)."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), identities=pk)
    clear_bounce(contact.identities.get(pk=pk), by=request.user)
    number = request.GET.get("ticket", "")
    back = f"/desk/tickets/{number}/" if number.isdigit() else "/desk/"
    return toast(request, _("The address counts as working again."), otherwise=HttpResponseRedirect(back))
