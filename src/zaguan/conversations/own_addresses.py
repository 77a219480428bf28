"""Which addresses are ours: those of the inboxes, with and without a plus part."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.conversations.models import Inbox
from zaguan.conversations.signing import without_plus


def own_addresses(kind: str = "email") -> dict[str, int]:
    """Each address of ours, without plus part and in lower case, and its inbox."""
    rows = (
        Inbox.objects.filter(kind=kind).order_by("is_active", "-pk").values_list("pk", "address", "aliases")
    )
    return {
        without_plus(address): number
        for number, main, aliases in rows
        for address in (*aliases, main)
        if address
    }


def inbox_at(addresses: Iterable[str]) -> Inbox | None:
    """The inbox in use that the first of these addresses which is ours belongs to."""
    ours = own_addresses()
    for address in addresses:
        number = ours.get(without_plus(address))
        found = Inbox.objects.filter(pk=number, is_active=True).first() if number else None
        if found is not None:
            return found
    return None
