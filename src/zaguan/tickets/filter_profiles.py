"""contact.plan:gold, organisation.size:>100 – whose customer, or organisation, something is written down about (A14.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from zaguan.lib.attributes.definition import Format
from zaguan.lib.folding import squeeze
from zaguan.people.models import ProfileEntry, ProfileField
from zaguan.people.profiles import fields
from zaguan.tickets.attribute_filters import choices_of, ranges_of
from zaguan.tickets.filter_conditions import NOBODY
from zaguan.tickets.filtering import Field, register_more
from zaguan.tickets.rarity import Entries

# Whoever holds a value that more hold than this is not looked up: each ticket of the list is looked at instead.
_entries = Entries(ProfileEntry, "field_id", few=200)


@dataclass(frozen=True)
class _Side:
    """About whom, how that is written before the dot, and the ticket's column."""

    subject: str
    heads: tuple[str, ...]
    column: str


_SIDES = (
    _Side(
        ProfileField.Subject.CONTACT,
        ("contact", "contacto", "contato", "customer", "cliente", "requester", "solicitante"),
        "requester_id",
    ),
    _Side(
        ProfileField.Subject.ORGANISATION,
        ("organisation", "organization", "org", "organización", "organização", "empresa", "company"),
        "organisation_id",
    ),
)


def operator_named(name: str) -> Field | None:
    """The operator for a field about contacts or organisations, by its squeezed name."""
    for side in _SIDES:
        for field in _findable(side):
            if name in {squeeze(head) + squeeze(field.key) for head in side.heads}:
                return _operator(side, field)
    return None


def names_of_operators() -> list[str]:
    """What can be written before the colon."""
    return [f"{side.heads[0]}.{field.key}" for side in _SIDES for field in _findable(side)]


def _findable(side: _Side) -> list[ProfileField]:
    return [f for f in fields.all().values() if f.subject == side.subject and f.format != Format.SECTION]


def _operator(side: _Side, field: ProfileField) -> Field:
    return Field(
        key=f"{side.heads[0]}.{field.key}",
        label=field.label,
        condition=lambda value, viewer: _condition(side, field, value),
        narrow=lambda value: squeeze(value) not in NOBODY and _entries.are_rare(ranges_of([field], value)),
        walks=lambda value: squeeze(value) in NOBODY or not _entries.are_rare(ranges_of([field], value)),
        values=lambda viewer: choices_of([field]),
    )


def _condition(side: _Side, field: ProfileField, value: str) -> Q:
    own = {side.subject: OuterRef(side.column)}
    if squeeze(value) in NOBODY:
        known = Q(**{f"{side.column}__isnull": False})
        return known & ~Q(Exists(ProfileEntry.objects.filter(field=field, **own)))
    ranges = ranges_of([field], value)
    entries = ProfileEntry.objects.filter(_entries.within(ranges))
    if _entries.are_rare(ranges):
        return Q(**{f"{side.column}__in": sorted(set(entries.values_list(f"{side.subject}_id", flat=True)))})
    return Q(Exists(entries.filter(**own)))


register_more(operator_named, names_of_operators)
