"""The tab of products: the pieces that the ticket is about, and what else its customer has (A8.9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.models import ProductItem

SIZE = 50


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    known = ProductItem.objects.visible_to(sheet.viewer).select_related("product", "contact")
    here = list(known.filter(tickets=sheet.ticket).order_by("pk")[:SIZE])
    own = known.filter(contact=sheet.ticket.requester_id or 0).exclude(pk__in=[item.pk for item in here])
    return {"items": here, "others": list(own.order_by("-pk")[:SIZE])}


def _count(sheet: Sheet) -> int:
    return sheet.ticket.product_items.count()


register(
    Tab(
        key="products", label=_("Products"), icon="package", template="desk/ticket/tabs/products.jinja",
        context=_context, count=_count, position=65,
    )
)  # fmt: skip
