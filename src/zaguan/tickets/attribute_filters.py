"""Every attribute is an operator of the filter language: serial:"A 12", price:>100, color:red,blue, due:2026-12."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.attributes.definition import Definition, Format
from zaguan.lib.attributes.finding import LAST, moment_key, number_key, text_key
from zaguan.lib.attributes.showing import label_of
from zaguan.lib.attributes.values import MOST_DIGITS, MOST_PLACES, option_of
from zaguan.lib.folding import squeeze
from zaguan.tickets import reference
from zaguan.tickets.filter_conditions import NOBODY
from zaguan.tickets.filter_dates import span_of
from zaguan.tickets.filtering import Field, NotUnderstood, register_more
from zaguan.tickets.models import Attribute, AttributeEntry
from zaguan.tickets.rarity import Entries, Ranges

YES = {"yes", "si", "sim", "true", "1"}
NO = {"no", "nao", "false", "0"}
# A value that more tickets have is common.
_entries = Entries(AttributeEntry, "attribute_id", few=2000)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def operator_named(name: str) -> Field | None:
    """The operator for the attributes with this key, of whatever type."""
    found = [a for a in reference.attributes.all().values() if _is_findable(a) and squeeze(a.key) == name]
    return _operator(found) if found else None


def names_of_operators() -> list[str]:
    """What can be written before the colon."""
    return list(dict.fromkeys(a.key for a in reference.attributes.all().values() if _is_findable(a)))


def _is_findable(attribute: Attribute) -> bool:
    return attribute.format not in (Format.FILE, Format.SECTION) and not attribute.default


def _operator(those: list[Attribute]) -> Field:
    return Field(
        key=those[0].key,
        label=those[0].label,
        condition=lambda value, viewer: _condition(those, value),
        narrow=lambda value: squeeze(value) not in NOBODY and _entries.are_rare(ranges_of(those, value)),
        walks=lambda value: squeeze(value) in NOBODY or not _entries.are_rare(ranges_of(those, value)),
        values=lambda viewer: choices_of(those),
    )


def choices_of(those: Sequence[Definition]) -> list[str]:
    """What can be chosen, for suggestions."""
    names = [label_of(option) for a in those for option in a.options]
    return [*names, *([_("Yes"), _("No")] if those[0].format == Format.BOOLEAN else [])]


def _condition(those: list[Attribute], value: str) -> Q:
    entries = AttributeEntry.objects
    if squeeze(value) in NOBODY:
        types = sorted({a.type_id for a in those})
        filled = entries.filter(ticket_id=OuterRef("pk"), attribute_id__in=[a.pk for a in those])
        return Q(type_id__in=types) & ~Q(Exists(filled))
    ranges = ranges_of(those, value)
    if _entries.are_rare(ranges):
        return Q(pk__in=entries.filter(_entries.within(ranges)).values("ticket_id"))
    return Q(Exists(entries.filter(_entries.within(ranges), ticket_id=OuterRef("pk"))))


def ranges_of(those: Sequence[Definition], value: str) -> Ranges:
    """Where the index of each attribute has this value; raises NotUnderstood when none can."""
    found: Ranges = []
    trouble: NotUnderstood | None = None
    for attribute in those:
        try:
            found += [
                (attribute.pk, first, last)
                for first, last in _KEYS[Format(attribute.format)](attribute, value)
            ]
        except NotUnderstood as error:
            trouble = error
    if not found and trouble is not None:
        raise trouble
    return found


Pairs = list[tuple[str, str]]


def _text(attribute: Definition, value: str) -> Pairs:
    if value.endswith("*") and text_key(value[:-1]):
        start = text_key(value[:-1])
        return [(start, start + LAST)]
    return [(text_key(value), text_key(value))]


def _list(attribute: Definition, value: str) -> Pairs:
    option = option_of(attribute, value)
    if option is None:
        sentence = _("“%(value)s” is not in the list “%(name)s”.")
        raise NotUnderstood(sentence % {"value": value, "name": attribute.label})
    return [(option["key"], option["key"])]


def _boolean(attribute: Definition, value: str) -> Pairs:
    word = squeeze(value)
    if word not in YES | NO:
        raise NotUnderstood(_("Write yes or no after “%(key)s:”.") % {"key": attribute.key})
    return [("1", "1") if word in YES else ("0", "0")]


def _number(attribute: Definition, value: str) -> Pairs:
    least, most = number_key(-_MOST), number_key(_MOST)
    if ".." in value:
        first, last = value.split("..", 1)
        return [(_key(first, value) if first else least, _key(last, value) if last else most)]
    if value[:1] in ("<", ">"):
        number = _read(value[1:].removeprefix("="), value)
        step = Decimal(0) if value[1:2] == "=" else _STEP
        return (
            [(least, number_key(number - step))] if value[0] == "<" else [(number_key(number + step), most)]
        )
    return [(_key(value, value), _key(value, value))]


_STEP = Decimal(1).scaleb(-MOST_PLACES)
_MOST = Decimal(10) ** MOST_DIGITS - 1


def _key(text: str, value: str) -> str:
    return number_key(_read(text, value))


def _read(text: str, value: str) -> Decimal:
    try:
        found = Decimal(text) if _NUMBER.fullmatch(text) and len(text) <= 40 else None
    except InvalidOperation:
        found = None
    if found is None or abs(found) > _MOST:
        raise NotUnderstood(
            _("“%(value)s” is not a number. Write 12, >12, <=12 or 10..20.") % {"value": value}
        )
    return found


def _datetime(attribute: Definition, value: str) -> Pairs:
    start, end = span_of(value)
    if attribute.many:
        last = moment_key(end - timedelta(microseconds=1)) if end else LAST
        return [(moment_key(start) if start else "", last)]
    return [(_day(start) if start else "", _day(end - timedelta(days=1)) if end else LAST)]


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y%m%d}"


_KEYS: dict[Format, Callable[[Definition, str], Pairs]] = {
    Format.TEXT: _text,
    Format.LIST: _list,
    Format.NUMBER: _number,
    Format.DECIMAL: _number,
    Format.BOOLEAN: _boolean,
    Format.DATETIME: _datetime,
}
register_more(operator_named, names_of_operators)
