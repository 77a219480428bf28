"""What the attributes of tickets that become one hold: gaps are filled, and where several hold something one is chosen (A3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.attributes.asking import Values, asked_now
from zaguan.lib.attributes.definition import Format
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.attributes.showing import in_words
from zaguan.lib.attributes.values import NotFitting, stored_form
from zaguan.tickets import attribute_files
from zaguan.tickets.attributes import definitions_of, differences, values_of, write
from zaguan.tickets.changing import store
from zaguan.tickets.events import AttributesChanged
from zaguan.tickets.models import Attribute, Ticket

# Attributes of two types are the same when these agree.
Twin = tuple[str, str, bool]


@dataclass
class Choice:
    """An attribute of which tickets hold different values: the number of each ticket, and its value in words."""

    key: str
    label: str
    options: list[tuple[int, str]] = field(default_factory=list)


def choices(tickets: Iterable[Ticket]) -> list[Choice]:
    """Where the tickets disagree; what only one of them holds comes along by itself."""
    found: dict[Twin, Choice] = {}
    held: dict[Twin, set[str]] = {}
    for ticket in tickets:
        values = values_of(ticket)
        for definition in _joinable(ticket.type_id):
            value = values.get(str(definition.pk))
            if value is None:
                continue
            text = in_words(definition, value, attribute_files.names([definition], values))
            twin = _twin(definition)
            choice = found.setdefault(twin, Choice(definition.key, definition.label))
            choice.options.append((ticket.pk, text))
            held.setdefault(twin, set()).add(str(value) if definition.format == Format.FILE else text)
    return [choice for twin, choice in found.items() if len(held[twin]) > 1]


def check_choices(take: Mapping[str, int], tickets: Iterable[Ticket]) -> None:
    """Raise NotAccepted for a choice that names an attribute or a ticket that is not among these."""
    every = list(tickets)
    keys = {d.key for ticket in every for d in _joinable(ticket.type_id)}
    errors = {
        key: _("There is no attribute “%(key)s” here.") % {"key": key[:80]} for key in take if key not in keys
    }
    errors |= {
        key: _("Ticket %(number)s is not one of those that are merged.") % {"number": number}
        for key, number in take.items()
        if number not in {ticket.pk for ticket in every}
    }
    if errors:
        raise NotAccepted(errors)


def fill(staying: Ticket, ticket: Ticket, *, take: Mapping[str, int], by: Any) -> dict[str, list[Any]]:
    """Let `staying` have what it lacks from `ticket`, and what `take` (key → number of a ticket) says.

    Answers with attribute id → [old, new], for `empty_again`. Call with both locked.
    """
    before = values_of(staying) if ticket.type_id else {}
    after = dict(before)
    definitions = _joinable(staying.type_id) if ticket.type_id else []
    offered = _offered(definitions, ticket)
    for definition in definitions:
        mark, wanted = str(definition.pk), take.get(definition.key)
        is_gap = wanted is None and before.get(mark) is None
        if mark in offered and (is_gap or wanted == ticket.pk):
            after[mark] = offered[mark]
    asked = {str(d.pk) for d in asked_now(definitions_of(staying.type_id), after)}
    for mark in set(after) - asked:
        # Nobody asks for it beside the other values.
        after.pop(mark)
        after |= {mark: before[mark]} if mark in before else {}
    return _written(staying, before, after, by=by)


def empty_again(staying: Ticket, changes: Mapping[str, list[Any]], *, by: Any) -> None:
    """Take back what `fill` wrote; a value that was changed since stays."""
    if not changes or staying.type_id is None:
        return
    before = values_of(staying)
    after = dict(before)
    own = {str(d.pk) for d in definitions_of(staying.type_id)}
    for mark, (old, new) in changes.items():
        if mark in own and before.get(mark) == new:
            after.pop(mark)
            after |= {mark: old} if old is not None else {}
    _written(staying, before, after, by=by)


def _written(staying: Ticket, before: Values, after: Values, *, by: Any) -> dict[str, list[Any]]:
    changes = differences(before, after, without={})
    if changes:
        definitions = definitions_of(staying.type_id)
        write(staying, definitions, after, changed=changes, by=by)
        store(staying)
        names = {str(d.pk): d.name for d in definitions if str(d.pk) in changes}
        record(AttributesChanged(ticket_id=staying.pk, changes=changes, names=names), by=by)
    return changes


def _joinable(type_id: int | None) -> list[Attribute]:
    """What can come along: the title is the subject, which each ticket keeps."""
    return [
        d
        for d in definitions_of(type_id)
        if d.archived_at is None and d.format != Format.SECTION and d.default != Attribute.Default.TITLE
    ]


def _twin(definition: Attribute) -> Twin:
    return definition.key, definition.format, definition.many


def _offered(definitions: Iterable[Attribute], ticket: Ticket) -> Values:
    """What the ticket holds, by the ids of `definitions`: of its own type, or of attributes with the same key and format."""
    values = values_of(ticket)
    own = {_twin(d): d for d in _joinable(ticket.type_id)}
    found: Values = {}
    for definition in definitions:
        theirs = own.get(_twin(definition))
        value = values.get(str(theirs.pk)) if theirs else None
        if theirs is None or value is None:
            continue
        try:
            found[str(definition.pk)] = value if theirs == definition else _moved(theirs, definition, value)
        except NotFitting:
            # A choice that the other list does not have stays with the old number.
            continue
    return found


def _moved(theirs: Attribute, ours: Attribute, value: Any) -> Any:
    if theirs.format != Format.LIST:
        return value
    names = {option["key"]: option["name"] for option in theirs.options}
    words = [names.get(key, key) for key in (value if isinstance(value, list) else [value])]
    return stored_form(ours, words if ours.many else words[0])
