"""Pieces of products that customers have: record them, put them on tickets, find them by serial number (A8.9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, refuse_closed
from zaguan.tickets.models import ProductItem, Ticket
from zaguan.tickets.work_events import ProductItemSaved, ProductItemsChanged

MOST_ON_TICKET = 50
FIELDS = ("product", "serial", "purchased_on", "warranty_until", "contact", "organisation", "notes")


def serial_key(serial: str) -> str:
    """A serial number as it is compared: letters and digits only, in upper case."""
    return "".join(each for each in serial.upper() if each.isalnum())[:120]


@transaction.atomic
def save_item(item: ProductItem | None, *, by: Any, **values: Any) -> ProductItem:
    """Record a piece, or change what is known of it. Refused for a serial number that its product has already."""
    saved = item or ProductItem()
    changes, before = {}, _owners(saved)
    for name, value in values.items():
        if name not in FIELDS:
            raise ValueError(name)
        old = getattr(saved, name) if item else None
        if item and old != value:
            changes[name] = [str(old or ""), str(value or "")]
        setattr(saved, name, value)
    saved.serial = " ".join(saved.serial.split())[:120]
    saved.serial_key = serial_key(saved.serial)
    if saved.contact is not None and saved.organisation_id is None:
        saved.organisation_id = saved.contact.organisation_id
    _check(saved)
    saved.save()
    _record(saved, changes, before, by=by)
    return saved


def _owners(item: ProductItem) -> tuple[set[int], set[int]]:
    return {item.contact_id or 0} - {0}, {item.organisation_id or 0} - {0}


def _record(
    item: ProductItem, changes: dict[str, Any], before: tuple[set[int], set[int]], *, by: Any
) -> None:
    contacts, organisations = (sorted(old | new) for old, new in zip(before, _owners(item), strict=True))
    event = ProductItemSaved(
        item_id=item.pk,
        name=str(item),
        changes=changes,
        contacts=contacts,
        organisations=organisations,
        tickets=list(item.tickets.values_list("pk", flat=True)[:MOST_ON_TICKET]),
    )
    record(event, by=by)


def _check(item: ProductItem) -> None:
    if item.product_id is None:
        raise Refused(_("Choose a product."), field="product")
    if item.warranty_until and item.purchased_on and item.warranty_until < item.purchased_on:
        raise Refused(_("The warranty ends before the purchase."), field="warranty_until")
    if not item.serial_key:
        return
    same = ProductItem.objects.filter(serial_key=item.serial_key, product=item.product_id)
    if same.exclude(pk=item.pk).exists():
        raise Refused(_("There is a piece with this serial number already."), field="serial")


@transaction.atomic
def put_items(
    ticket: Ticket | int, *, by: Any, add: Iterable[ProductItem] = (), remove: Iterable[ProductItem] = ()
) -> Ticket:
    """Say which pieces a ticket is about; only real changes are recorded."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    present = set(fresh.product_items.select_related("product"))
    added = [item for item in dict.fromkeys(add) if item not in present]
    removed = [item for item in dict.fromkeys(remove) if item in present]
    if len(present) + len(added) > MOST_ON_TICKET:
        raise Refused(_("A ticket is about at most %(most)s pieces.") % {"most": MOST_ON_TICKET})
    if added or removed:
        fresh.product_items.add(*added)
        fresh.product_items.remove(*removed)
        names = [[str(item) for item in items] for items in (added, removed)]
        record(ProductItemsChanged(ticket_id=fresh.pk, added=names[0], removed=names[1]), by=by)
    return fresh


@transaction.atomic
def delete_item(item: ProductItem, *, by: Any) -> None:
    """Forget a piece that no ticket is about."""
    if item.tickets.exists():
        raise Refused(_("Tickets are about this piece: it stays."))
    contacts, organisations = _owners(item)
    event = ProductItemSaved(
        item_id=item.pk,
        name=str(item),
        changes={"deleted": [False, True]},
        contacts=list(contacts),
        organisations=list(organisations),
    )
    item.delete()
    record(event, by=by)


def items_with_serial(viewer: Agent, serial: str, limit: int = 20) -> list[ProductItem]:
    """The pieces whose serial number begins so."""
    key = serial_key(serial)
    if len(key) < 3:
        return []
    found = ProductItem.objects.visible_to(viewer).filter(serial_key__startswith=key)
    return list(
        found.select_related("product", "contact", "organisation").order_by("serial_key", "id")[:limit]
    )
