"""What is written down about contacts and organisations beside their names: fields that an administrator chooses (A14.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.base import actor_of
from zaguan.events.recording import record
from zaguan.lib.attributes import defining
from zaguan.lib.attributes.asking import Values, asked_now, taken
from zaguan.lib.attributes.definition import Format
from zaguan.lib.attributes.finding import keys_of
from zaguan.lib.attributes.showing import in_words
from zaguan.lib.errors import Refused
from zaguan.people.events import ContactChanged, OrganisationChanged, SettingChanged
from zaguan.people.models import (
    Contact,
    ContactSheet,
    Organisation,
    OrganisationSheet,
    ProfileEntry,
    ProfileField,
)
from zaguan.people.reference import Kept, forget_all

fields: Kept[ProfileField] = Kept(lambda: ProfileField.objects.all())
Person = Contact | Organisation
Subject = ProfileField.Subject
# Files are kept with tickets and messages.
FORMATS = tuple(f for f in Format if f != Format.FILE)


@dataclass(frozen=True)
class ProfileValue:
    """One field of one person: what it is, what it holds, whether it is asked with the other values."""

    attribute: ProfileField
    value: Any
    is_asked: bool

    @property
    def text(self) -> str:
        """The value as the reader reads it, "" for none."""
        return in_words(self.attribute, self.value)


def fields_of(subject: str) -> list[ProfileField]:
    """What is asked about contacts, or about organisations, in order; retired ones too."""
    return [f for f in fields.all().values() if f.subject == subject]


def subject_of(person: Person) -> str:
    """Which fields a person has."""
    return Subject.CONTACT if isinstance(person, Contact) else Subject.ORGANISATION


def values_of(person: Person) -> Values:
    """The stored values by the id of their field."""
    return dict(_sheet(person).values)


def _sheet(person: Person) -> ContactSheet | OrganisationSheet:
    if isinstance(person, Contact):
        return ContactSheet.objects.filter(pk=person.pk).first() or ContactSheet(contact=person)
    return OrganisationSheet.objects.filter(pk=person.pk).first() or OrganisationSheet(organisation=person)


def profile_of(person: Person) -> list[ProfileValue]:
    """What is asked about a person, with what is known; retired fields only where they hold something."""
    there = fields_of(subject_of(person))
    values = values_of(person) if there else {}
    asked = {f.pk for f in asked_now(there, values)}
    shown = [f for f in there if f.archived_at is None or values.get(str(f.pk)) is not None]
    return [ProfileValue(f, values.get(str(f.pk)), f.pk in asked) for f in shown]


def blank_profile(subject: str) -> list[ProfileValue]:
    """What is asked about somebody who is about to be made."""
    there = fields_of(subject)
    asked = {f.pk for f in asked_now(there, {})}
    return [ProfileValue(f, None, f.pk in asked) for f in there if f.archived_at is None]


def by_key(person: Person) -> dict[str, Any]:
    """The values as machines read them."""
    return {v.attribute.key: v.value for v in profile_of(person) if v.attribute.format != Format.SECTION}


@transaction.atomic
def set_profile(person: Person, given: Mapping[str, Any], *, by: Any, complete: bool = False) -> Person:
    """Set some fields by key, None to empty one; `complete` wants all that are needed. Raises NotAccepted."""
    own = fields_of(subject_of(person))
    before = values_of(person)
    audience = "customer" if actor_of(by).kind == "contact" else "agent"
    after = taken(own, given, audience=audience, before=before, complete=complete)  # type: ignore[arg-type]
    put_values(person, before, after, by=by)
    return person


def put_values(person: Person, before: Values, after: Values, *, by: Any) -> None:
    """Write values by id that are known to fit, with their index and one event; nothing where nothing changes."""
    own = fields_of(subject_of(person))
    changed = [f for f in own if before.get(str(f.pk)) != after.get(str(f.pk))]
    if changed:
        sheet = _sheet(person)
        sheet.values = after
        sheet.save()
        _index(person, changed, after)
        words = {
            f.name: [in_words(f, before.get(str(f.pk))), in_words(f, after.get(str(f.pk)))] for f in changed
        }
        record(_event(person, words), by=by)


def _index(person: Person, changed: list[ProfileField], values: Values) -> None:
    owner: dict[str, Any] = {subject_of(person): person}
    ProfileEntry.objects.filter(**owner, field__in=changed).delete()
    ProfileEntry.objects.bulk_create(
        ProfileEntry(field=f, key=key, **owner)
        for f in changed
        for key in dict.fromkeys(keys_of(f, values.get(str(f.pk))))
    )


def _event(person: Person, changes: dict[str, Any]) -> ContactChanged | OrganisationChanged:
    if isinstance(person, Contact):
        return ContactChanged(contact_id=person.pk, changes=changes)
    return OrganisationChanged(organisation_id=person.pk, changes=changes)


@transaction.atomic
def save_field(subject: str, entry: ProfileField | None, *, by: Any, **values: Any) -> ProfileField:
    """Add a field about contacts or organisations, or change one. `format` and `key` are given once."""
    siblings = list(ProfileField.objects.filter(subject=subject).select_for_update(of=("self",)))
    saved = entry or _begun(subject, siblings, values)
    changes = defining.fill(saved, siblings, {k: v for k, v in values.items() if k not in ("format", "key")})
    saved.save()
    if changes or entry is None:
        _recorded(saved, changes, by=by)
    return saved


def _begun(subject: str, siblings: list[ProfileField], values: dict[str, Any]) -> ProfileField:
    if values.get("format") not in FORMATS:
        raise Refused(_("Choose a format."), field="format")
    taken_keys = {f.key for f in siblings}
    wanted = str(values.get("key") or "")
    name = str(values.get("name") or "")
    key = defining.chosen_key(wanted, taken_keys) if wanted else defining.free_key(name, taken_keys)
    place = max((f.position for f in siblings), default=-1) + 1
    return ProfileField(subject=subject, format=values["format"], key=key, position=place)


@transaction.atomic
def set_field_archived(entry: ProfileField, archived: bool, *, by: Any) -> None:
    """Ask for it no longer (people keep what they hold), or again."""
    defining.retire(entry, list(ProfileField.objects.filter(subject=entry.subject)), archived)
    entry.save(update_fields=["archived_at"])
    _recorded(entry, {"archived": [not archived, archived]}, by=by)


@transaction.atomic
def reorder_fields(subject: str, ids: list[int], *, by: Any) -> None:
    """Put the fields into this order. Raises Refused when a condition would precede its cause."""
    rows = list(ProfileField.objects.filter(subject=subject).select_related("depends_on"))
    wanted = defining.ordered(rows, ids)
    if [r.pk for r in wanted] == [r.pk for r in rows]:
        return
    for position, row in enumerate(wanted):
        row.position = position
    ProfileField.objects.bulk_update(wanted, ["position"])  # type: ignore[arg-type]
    _recorded(wanted[0], {"order": ["", [row.key for row in wanted]]}, by=by)  # type: ignore[arg-type]


def _recorded(row: ProfileField, changes: dict[str, Any], *, by: Any) -> None:
    forget_all()
    record(SettingChanged(what=f"{row.subject}_field", id=row.pk, name=row.name, changes=changes), by=by)
