"""What stands on a contact's page beside their tickets: pieces of products, and what is planned with them."""

from __future__ import annotations

from typing import Any

from zaguan.people.models import Agent, Contact
from zaguan.tickets.models import Activity, ProductItem

MOST = 50


def belongings(contact: Contact, viewer: Agent) -> dict[str, Any]:
    """For the page's template."""
    items = ProductItem.objects.visible_to(viewer).filter(contact=contact).select_related("product")
    planned = (
        Activity.objects.visible_to(viewer).filter(contact=contact, done_at=None).select_related("owner")
    )
    return {
        "product_items": items.order_by("-pk")[:MOST],
        "planned": planned.order_by("starts_at", "id")[:MOST],
    }
