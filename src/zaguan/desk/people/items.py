"""One piece that a customer has, on a page of its own, and recording one."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.people.contact import contact_for
from zaguan.desk.rendering import page
from zaguan.desk.ticket.products import choices, typed
from zaguan.lib.errors import Refused
from zaguan.tickets.models import ProductItem, Ticket
from zaguan.tickets.products import delete_item, save_item


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def item(request: AgentRequest, public_id: str) -> HttpResponse:
    """A piece: what is known of it, and which tickets were about it."""
    rows = ProductItem.objects.visible_to(request.user).select_related("product", "contact", "organisation")
    found = get_object_or_404(rows, public_id=public_id)
    back = f"/desk/people/{found.contact.public_id}/" if found.contact else "/desk/people/"
    error: Refused | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "delete":
                delete_item(found, by=request.user)
                return toast(request, _("Removed"), otherwise=HttpResponseRedirect(back))
            save_item(found, by=request.user, **typed(request))
            return toast(request, _("Saved."), otherwise=HttpResponseRedirect(request.path))
        except Refused as refused:
            error = refused
    tickets = Ticket.objects.visible_to(request.user).filter(product_items=found).order_by("-pk")[:50]
    context = choices(request.user, found) | {
        "tickets": tickets,
        "error": error,
        "typed": request.POST,
        "back": back,
    }
    return page(request, "desk/people/item.jinja", section="people", status=422 if error else 200, **context)


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def new_item(request: AgentRequest, public_id: str) -> HttpResponse:
    """Record a piece that this contact has."""
    contact = contact_for(request, public_id)
    error: Refused | None = None
    if request.method == "POST":
        try:
            save_item(
                None, by=request.user, contact=contact, organisation=contact.organisation, **typed(request)
            )
            back = HttpResponseRedirect(f"/desk/people/{contact.public_id}/")
            return toast(request, _("Added."), otherwise=back)
        except Refused as refused:
            error = refused
    back_to = f"/desk/people/{contact.public_id}/"
    context = choices(request.user) | {
        "tickets": [],
        "error": error,
        "typed": request.POST,
        "back": back_to,
        "contact": contact,
    }
    return page(request, "desk/people/item.jinja", section="people", status=422 if error else 200, **context)
