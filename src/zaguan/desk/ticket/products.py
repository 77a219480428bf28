"""Products of a ticket: which pieces it is about, and recording a piece that a customer has."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.changing import answered, asked
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.typed import day_in, row_in
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Product, ProductItem
from zaguan.tickets.products import items_with_serial, put_items, save_item


def choices(agent: Agent, item: ProductItem | None = None) -> dict[str, Any]:
    """What the form of a piece offers."""
    products = Product.objects.visible_to(agent).filter(archived_at=None)
    offered = [(product.pk, f"{product.label} · {product.code}") for product in products]
    if item is not None and item.product.archived_at:
        offered.append((item.product_id, item.product.label))
    return {"products": [("", _("Choose a product")), *offered], "item": item}


def typed(request: AgentRequest) -> dict[str, Any]:
    """The columns of a piece as the form gives them."""
    product = row_in(request, "product", Product.objects.visible_to(request.user))
    if product is None:
        raise Refused(_("Choose a product."), field="product")
    return {
        "product": product,
        "serial": request.POST.get("serial", ""),
        "purchased_on": day_in(request, "purchased_on"),
        "warranty_until": day_in(request, "warranty_until"),
        "notes": request.POST.get("notes", "")[:500],
    }


@require_http_methods(["GET", "POST"])
@needs("tickets.edit")
def add(request: AgentRequest, number: int) -> HttpResponse:
    """Put a known piece on the ticket (by its id or serial number), or record a new one of the customer's."""
    ticket = ticket_for(request, number)
    own = ProductItem.objects.visible_to(request.user).filter(contact=ticket.requester_id or 0)
    known = [
        (each.public_id, str(each)) for each in own.exclude(tickets=ticket).select_related("product")[:50]
    ]
    context = choices(request.user) | {"known": [("", _("A new one")), *known]}
    dialog = ActionDialog(
        request, ticket, "desk/ticket/product_add.jinja", _("Add a product"), _("Add"), context=context
    )

    def write() -> HttpResponse:
        chosen, serial = request.POST.get("item", ""), request.POST.get("serial", "")
        rows = ProductItem.objects.visible_to(request.user)
        found = get_object_or_404(rows, public_id=chosen) if chosen else None
        if found is None and serial and not request.POST.get("product"):
            found = next(iter(items_with_serial(request.user, serial, 1)), None)
        if found is None:
            found = save_item(
                None,
                by=request.user,
                contact=ticket.requester,
                organisation=ticket.organisation,
                **typed(request),
            )
        put_items(ticket, add=[found], by=request.user)
        return answered(request, ticket, _("Added"), f"products/{found.public_id}")

    return dialog.run(write)


@require_POST
@needs("tickets.edit")
def remove(request: AgentRequest, number: int, public_id: str) -> HttpResponse:
    """The ticket is not about it; `on=1` puts it back."""
    ticket = ticket_for(request, number)
    item = get_object_or_404(ProductItem.objects.visible_to(request.user), public_id=public_id)
    if asked(request, "on") == "1":
        put_items(ticket, add=[item], by=request.user)
        return answered(request, ticket, _("Added"))
    put_items(ticket, remove=[item], by=request.user)
    return answered(request, ticket, _("Removed"), f"products/{public_id}", on="1")


@require_GET
@needs("people.view")
def serials(request: AgentRequest) -> JsonResponse:
    """Pieces whose serial number begins so, while it is typed."""
    found = items_with_serial(request.user, request.GET.get("q", "")[:100], 8)
    shown = [
        {
            "value": i.serial,
            "label": i.serial,
            "sub": f"{i.product.label} · {i.contact or i.organisation or ''}",
        }
        for i in found
    ]
    return JsonResponse(shown, safe=False)


register(
    Option(
        key="product", label=gettext_lazy("Add a product"), icon="package-plus", path="products/", permission="tickets.edit",
        group="plan", position=70, when=lambda sheet: not sheet.is_closed,
    )
)  # fmt: skip
