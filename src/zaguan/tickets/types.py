"""Give a ticket a type, another one, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.attributes.asking import Values
from zaguan.lib.errors import Refused
from zaguan.tickets import attribute_entries
from zaguan.tickets.attributes import clean, definitions_of, differences, values_of, write
from zaguan.tickets.categories import refuse_category
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.editing import edit
from zaguan.tickets.events import TypeChanged
from zaguan.tickets.models import Attribute, AttributeSheet, Ticket, TicketType


@transaction.atomic
def set_type(
    ticket: Ticket | int,
    kind: TicketType | None,
    values: Mapping[str, Any] | None = None,
    *,
    by: Any,
    version: int | None = None,
    back: bool = False,
) -> Ticket:
    """Turn a conversation into a ticket of this type, a ticket into one of another, or back into a conversation.

    Values of attributes with the same key and format go along. Raises NotAccepted for what is missing, unless
    `back` says that an earlier type is put back.
    """
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    if fresh.type_id == (kind.pk if kind else None):
        return fresh
    if kind is not None and kind.archived_at is not None and not back:
        raise Refused(_("“%(type)s” is no longer offered.") % {"type": kind.label}, field="type")
    refuse_category(fresh, kind.category if kind else None)
    old = fresh.type_id
    if kind is None:
        after: Values = {}
    else:
        after = carried(fresh, kind)
        if not back:
            after = clean(kind, values or {}, subject=fresh.subject, before=after, by=by)
    changes = differences(carried(fresh, kind) if kind else {}, after, without={})
    fresh = _put(fresh, kind, after, by=by)
    store(fresh, "type")
    record(TypeChanged(ticket_id=fresh.pk, types=[old, fresh.type_id], changes=changes), by=by)
    return fresh


def _put(ticket: Ticket, kind: TicketType | None, after: Values, *, by: Any) -> Ticket:
    definitions = definitions_of(kind.pk if kind else None)
    title = next((after.pop(str(d.pk), "") for d in definitions if d.default == Attribute.Default.TITLE), "")
    if title and title != ticket.subject:
        ticket = edit(ticket, by=by, subject=title)
    attribute_entries.forget(ticket)
    ticket.type = kind
    if kind is not None:
        write(ticket, definitions, after, by=by)
    return ticket


def carried(ticket: Ticket, kind: TicketType) -> Values:
    """What a ticket would bring along: what it held when it was of this type, and what its own type has in common."""
    sheet = AttributeSheet.objects.filter(ticket_id=ticket.pk).values_list("values", flat=True).first() or {}
    values, now = dict(sheet), values_of(ticket)
    own = {(d.key, d.format, d.many): str(d.pk) for d in definitions_of(ticket.type_id)}
    found: Values = {}
    for definition in definitions_of(kind.pk):
        mark = str(definition.pk)
        same = own.get((definition.key, definition.format, definition.many))
        value = now.get(same) if same else None
        # Choices have keys of their own in each type.
        value = value if definition.format != "list" or _offers(definition, value) else None
        value = values.get(mark) if value is None else value
        if value is not None and definition.archived_at is None:
            found[mark] = value
    return found


def _offers(definition: Attribute, value: Any) -> bool:
    offered = {option["key"] for option in definition.options if not option["retired"]}
    return value is not None and set([value] if isinstance(value, str) else value) <= offered
