"""The values of a ticket's attributes: one schema for pages, API, mail and import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.base import actor_of
from zaguan.events.recording import record
from zaguan.lib.attributes.asking import Audience, Values, asked_now, seen_by, taken, unfinished
from zaguan.lib.attributes.definition import Format
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.attributes.showing import in_words
from zaguan.lib.errors import Refused
from zaguan.tickets import attribute_files, reference
from zaguan.tickets.attribute_entries import rewrite
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.editing import edit
from zaguan.tickets.events import AttributesChanged
from zaguan.tickets.models import Attribute, AttributeSheet, Phase, Ticket, TicketType


@dataclass(frozen=True)
class AttributeValue:
    """One attribute of one ticket: what it is, what it holds, and whether it is asked with the other values."""

    attribute: Attribute
    value: Any
    is_asked: bool
    files: Mapping[str, str]

    @property
    def text(self) -> str:
        """The value as the reader reads it, "" for none."""
        return in_words(self.attribute, self.value, self.files)


def definitions_of(type_id: int | None) -> list[Attribute]:
    """What a type asks for, in its order; retired ones too, since old tickets hold them."""
    return [a for a in reference.attributes.all().values() if a.type_id == type_id] if type_id else []


def attribute_fields(
    kind: TicketType | int, values: Values | None = None, audience: Audience = "agent"
) -> list[AttributeValue]:
    """What a form shows for a type: each attribute that is not retired, with its value (by id) and whether it is asked."""
    type_id = kind if isinstance(kind, int) else kind.pk
    return _shown([d for d in definitions_of(type_id) if d.archived_at is None], values or {}, audience)


def attributes_of(ticket: Ticket, audience: Audience = "agent") -> list[AttributeValue]:
    """What a ticket's type asks for, with the ticket's values; retired ones only where they hold something."""
    values = values_of(ticket)
    definitions = definitions_of(ticket.type_id)
    there = [d for d in definitions if d.archived_at is None or values.get(str(d.pk)) is not None]
    return _shown(there, values, audience)


def _shown(definitions: list[Attribute], values: Values, audience: Audience) -> list[AttributeValue]:
    asked = {d.pk for d in asked_now(definitions, values)}
    files = attribute_files.names(definitions, values)
    return [
        AttributeValue(d, values.get(str(d.pk)), d.pk in asked, files) for d in seen_by(definitions, audience)
    ]


def values_of(ticket: Ticket) -> Values:
    """The stored values by the id of their attribute, with the subject as the title."""
    if ticket.type_id is None:
        return {}
    sheet = AttributeSheet.objects.filter(ticket_id=ticket.pk).values_list("values", flat=True).first() or {}
    return dict(sheet) | _title(definitions_of(ticket.type_id), ticket.subject)


def attribute_texts(number: int, type_id: int) -> list[str]:
    """What full-text search finds of a ticket's attributes: texts, and the names of choices in each language."""
    sheet = AttributeSheet.objects.filter(ticket_id=number).values_list("values", flat=True).first() or {}
    texts: list[str] = []
    for definition in definitions_of(type_id):
        value = sheet.get(str(definition.pk))
        if value is not None and definition.format in (Format.TEXT, Format.NUMBER, Format.DECIMAL):
            texts.append(str(value))
        elif value is not None and definition.format == Format.LIST:
            chosen = [value] if isinstance(value, str) else value
            texts += [
                n for o in definition.options if o["key"] in chosen for n in (o["name"], *o["names"].values())
            ]
    return texts


def by_key(ticket: Ticket, audience: Audience = "agent") -> dict[str, Any]:
    """The values as machines read them."""
    values = values_of(ticket)
    there = seen_by(definitions_of(ticket.type_id), audience)
    return {d.key: values.get(str(d.pk)) for d in there if d.archived_at is None and d.format != "section"}


def _title(definitions: list[Attribute], subject: str) -> Values:
    mark = next((str(d.pk) for d in definitions if d.default == Attribute.Default.TITLE), None)
    return {mark: subject} if mark and subject else {}


def clean(
    kind: TicketType, given: Mapping[str, Any], audience: Audience = "agent", *, subject: str = "",
    before: Values | None = None, by: Any = None, complete: bool = True,
) -> Values:  # fmt: skip
    """The values (by id) of a new ticket of this type from `given` (by key); raises NotAccepted with every fault.

    Without `complete` what is needed may be missing.
    """
    definitions = definitions_of(kind.pk)
    old = {str(d.pk): (before or {})[str(d.pk)] for d in definitions if str(d.pk) in (before or {})}
    values = taken(
        definitions, given, audience=audience, before=old | _title(definitions, subject), complete=complete
    )
    attribute_files.refuse_foreign(definitions, values, old, by=by)
    return values


def values_for(
    kind: TicketType | None, given: Mapping[str, Any], subject: str, *, by: Any, complete: bool = True
) -> tuple[str, Values]:
    """Subject and values of a ticket that is about to open; raises NotAccepted, or Refused without a type."""
    if kind is None:
        if given:
            raise Refused(_("Choose the type of the ticket: only a type has attributes."), field="type")
        return subject, {}
    if kind.archived_at is not None:
        raise Refused(_("“%(type)s” is no longer offered.") % {"type": kind.label}, field="type")
    values = clean(kind, given, audience_of(by), subject=subject.strip()[:300], by=by, complete=complete)
    return next((values[m] for m in _title(definitions_of(kind.pk), "x") if m in values), subject), values


def begin(ticket: Ticket, values: Values, *, by: Any) -> None:
    """Write the values of a ticket that has just been opened."""
    if ticket.type_id is not None:
        write(ticket, definitions_of(ticket.type_id), values, by=by)


def audience_of(by: Any) -> Audience:
    """A customer is asked as a customer; everybody and everything else as an agent."""
    return "customer" if actor_of(by).kind == "contact" else "agent"


@transaction.atomic
def set_attributes(
    ticket: Ticket | int, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> Ticket:
    """Set some attributes by key, None to empty one; what stays the same makes no event.

    Raises NotAccepted with a sentence for each that does not fit; Refused for a conversation, which has none.
    """
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    if fresh.type_id is None:
        raise Refused(_("A conversation has no attributes: turn it into a ticket first."), field="attributes")
    definitions, before = definitions_of(fresh.type_id), values_of(fresh)
    after = taken(definitions, values, audience=audience_of(by), before=before)
    attribute_files.refuse_foreign(definitions, after, before, by=by, ticket=fresh)
    fresh = _retitled(fresh, definitions, after, by=by)
    changes = differences(before, after, without=_title(definitions, "x"))
    if changes:
        write(fresh, definitions, after, changed=changes, by=by)
        store(fresh)
        record(
            AttributesChanged(ticket_id=fresh.pk, changes=changes, names=_names(definitions, changes)), by=by
        )
    return fresh


def _retitled(ticket: Ticket, definitions: list[Attribute], after: Values, *, by: Any) -> Ticket:
    """The title is the subject."""
    title = next((after.get(mark) for mark in _title(definitions, "x")), None)
    return edit(ticket, by=by, subject=title) if title and title != ticket.subject else ticket


def differences(before: Values, after: Values, *, without: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Attribute id → [old, new] of what is not the same."""
    marks = [m for m in dict.fromkeys([*before, *after]) if m not in without]
    return {m: [before.get(m), after.get(m)] for m in marks if before.get(m) != after.get(m)}


def _names(definitions: list[Attribute], changes: Mapping[str, Any]) -> dict[str, str]:
    return {str(d.pk): d.name for d in definitions if str(d.pk) in changes}


def write(
    ticket: Ticket,
    definitions: list[Attribute],
    values: Values,
    *,
    by: Any,
    changed: Mapping[str, Any] | None = None,
) -> None:
    """Put the values onto the ticket's sheet and into the index; `changed` narrows the index's work.

    What the sheet holds of other types stays, for the way back.
    """
    sheet = AttributeSheet.objects.filter(ticket_id=ticket.pk).first() or AttributeSheet(ticket_id=ticket.pk)
    own = {str(d.pk) for d in definitions}
    title = _title(definitions, "x")
    kept = {mark: value for mark, value in sheet.values.items() if mark not in own}
    sheet.values = kept | {m: v for m, v in values.items() if m in own and m not in title}
    sheet.save()
    rewrite(ticket, [d for d in definitions if changed is None or str(d.pk) in changed], sheet.values)
    attribute_files.attach(definitions, values, ticket, by=by)


def refuse_unfinished(ticket: Ticket, phase: str) -> None:
    """Raise Refused when a ticket is to be resolved or closed and something that is needed for it is missing."""
    if ticket.type_id is None or phase not in (Phase.RESOLVED, Phase.CLOSED):
        return
    definitions = definitions_of(ticket.type_id)
    if not any(d.needed_to_resolve and d.archived_at is None for d in definitions):
        return
    missing = unfinished(definitions, values_of(ticket))
    if missing:
        names = ", ".join(f"“{d.label}”" for d in missing)
        raise Refused(
            _("Fill in %(names)s first: it is needed to resolve this ticket.") % {"names": names},
            field=PREFIX + missing[0].key,
        )
