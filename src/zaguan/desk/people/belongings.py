"""What stands on a customer's page beside their tickets: pieces of products, and what is planned with them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from zaguan.people.models import Agent, Contact, Organisation
from zaguan.tickets.models import Activity, ProductItem

MOST = 50


def belongings(contact: Contact, viewer: Agent) -> dict[str, Any]:
    """For the page's template."""
    items = ProductItem.objects.visible_to(viewer).filter(contact=contact).select_related("product")
    return {"product_items": items.order_by("-pk")[:MOST]} | plans(contact, viewer)


def plans(whose: Contact | Organisation, viewer: Agent) -> dict[str, Any]:
    """What is still to be done with them, whoever of us does it."""
    is_contact = isinstance(whose, Contact)
    theirs = {"contact": whose} if is_contact else {"organisation": whose}
    rows = Activity.objects.visible_to(viewer).filter(done_at=None, **theirs)
    route = "desk:plan-with-contact" if is_contact else "desk:plan-with-organisation"
    return {
        "planned": rows.select_related("owner", "contact").order_by("starts_at", "id")[:MOST],
        "plan_url": reverse(route, args=[whose.public_id]),
        "by_name": not is_contact,
    }
