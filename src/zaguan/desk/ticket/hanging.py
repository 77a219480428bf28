"""Files, links and items of the library on a ticket."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.conversations.attachments import store
from zaguan.conversations.hanging import hang_file, hang_library_item, hang_link, take_down
from zaguan.conversations.models import LibraryItem, TicketItem
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Ticket


def _back(number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/desk/tickets/{number}/?tab=attachments")


@require_POST
@needs("conversations.note")
def hang(request: AgentRequest, number: int) -> HttpResponse:
    """Uploaded files, a web address, or an item of the library: whatever the form has."""
    ticket = ticket_for(request, number)
    hung = _hung(request, ticket)
    if not hung:
        raise Refused(_("Choose a file, or write a web address."), field="file")
    said = _("Attached") if len(hung) > 1 else _("“%(name)s” is attached") % {"name": hung[0].name}
    undo = f"/desk/tickets/{number}/items/{hung[0].pk}/remove/" if len(hung) == 1 else ""
    return toast(request, said, undo=undo, otherwise=_back(number))


def _hung(request: AgentRequest, ticket: Ticket) -> list[TicketItem]:
    made = []
    for file in request.FILES.getlist("file"):
        kept = store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.user)
        made.append(hang_file(ticket, kept, by=request.user))
    if request.POST.get("address", "").strip():
        made.append(hang_link(ticket, request.POST["address"], request.POST.get("name", ""), by=request.user))
    if request.POST.get("item"):
        rows = LibraryItem.objects.visible_to(request.user)
        item = get_object_or_404(rows, public_id=request.POST["item"])
        made.append(hang_library_item(ticket, item, by=request.user))
    return made


@require_POST
@needs("conversations.note")
def remove(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Take it off the ticket; an item of the library stays in the library."""
    rows = TicketItem.objects.visible_to(request.user)
    item = get_object_or_404(rows, pk=pk, ticket_id=number)
    take_down(item, by=request.user)
    said = _("“%(name)s” is no longer attached") % {"name": item.name}
    return toast(request, said, otherwise=_back(number))
