"""Which addresses are ours: those of the inboxes, with and without a plus part."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.conversations.models import Inbox
from zaguan.conversations.signing import without_plus
from zaguan.lib.statements import Lookup, Rows

# Of two inboxes with one address, the one in use and older counts: it comes last.
_addresses = Lookup(
    lambda kind: (
        Inbox.objects.filter(kind=kind).order_by("is_active", "-pk").values_list("pk", "address", "aliases")
    ),
    str,
)
_in_use = Rows(lambda pk: Inbox.objects.filter(pk=pk, is_active=True), int)


def own_addresses(kind: str = "email") -> dict[str, int]:
    """Each address of ours, without plus part and in lower case, and its inbox."""
    return {
        without_plus(address): number
        for number, main, aliases in _addresses(kind)
        for address in (*aliases, main)
        if address
    }


def inbox_at(addresses: Iterable[str]) -> Inbox | None:
    """The inbox in use that the first of these addresses which is ours belongs to."""
    ours = own_addresses()
    for address in addresses:
        number = ours.get(without_plus(address))
        found: Inbox | None = _in_use.first(number) if number else None
        if found is not None:
            return found
    return None
