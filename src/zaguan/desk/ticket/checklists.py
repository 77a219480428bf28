"""The checklist of a ticket: put things on it, tick them off, use a list again."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.changing import asked
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.typed import row_in
from zaguan.tickets.checklists import add_items, move_item, remove_item, save_template, tick
from zaguan.tickets.models import ChecklistTemplate, Ticket


def _said(request: AgentRequest, ticket: Ticket, text: str, undo: str = "") -> HttpResponse:
    otherwise = HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/?tab=checklist")
    back = f"/desk/tickets/{ticket.pk}/{undo}" if undo else ""
    return toast(request, text, undo=back, otherwise=otherwise)


@require_POST
@needs("tickets.plan_activities")
def add(request: AgentRequest, number: int) -> HttpResponse:
    """One item a line, or those of a list; `do=keep` makes a list of what is there, under the name that was typed."""
    ticket = ticket_for(request, number)
    if request.POST.get("do") == "keep":
        items = [item.text for item in ticket.checklist.all()]
        save_template(None, request.POST.get("name", ""), items, by=request.user)
        return _said(request, ticket, _("Kept for use again"))
    template = row_in(request, "template", ChecklistTemplate.objects.visible_to(request.user))
    texts = template.items if template else request.POST.get("text", "").splitlines()
    add_items(ticket, texts, by=request.user)
    return _said(request, ticket, _("Added"))


@require_POST
@needs("tickets.plan_activities")
def change(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """`do`: done, undone, up, down or remove."""
    ticket, do = ticket_for(request, number), asked(request, "do")
    item = get_object_or_404(ticket.checklist.all(), pk=pk)
    if do == "remove":
        remove_item(item, by=request.user)
        return _said(request, ticket, _("Removed"))
    if do in ("up", "down"):
        move_item(item, -1 if do == "up" else 1)
        return _said(request, ticket, _("Moved"))
    tick(item, do != "undone", by=request.user)
    undo = f"checklist/{pk}/?do={'done' if do == 'undone' else 'undone'}"
    return _said(request, ticket, _("Not done yet") if do == "undone" else _("Done"), undo)
