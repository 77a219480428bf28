"""The index of attribute values: what can be found and compared, beside the sheet that holds everything."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.lib.attributes.asking import Values
from zaguan.lib.attributes.finding import keys_of
from zaguan.tickets.models import Attribute, AttributeEntry, Ticket


def rewrite(ticket: Ticket, definitions: Iterable[Attribute], values: Values) -> None:
    """Index the values of these attributes anew."""
    those = list(definitions)
    AttributeEntry.objects.filter(ticket_id=ticket.pk, attribute_id__in=[d.pk for d in those]).delete()
    AttributeEntry.objects.bulk_create(
        AttributeEntry(ticket_id=ticket.pk, attribute_id=d.pk, key=key)
        for d in those
        for key in dict.fromkeys(keys_of(d, values.get(str(d.pk))))
    )


def forget(ticket: Ticket) -> None:
    """Take the ticket out of the index, as when its type changes."""
    AttributeEntry.objects.filter(ticket_id=ticket.pk).delete()
