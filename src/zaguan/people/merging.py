"""Two contacts are the same person: everything that points at one moves to the other, and can move back (R26)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import ContactMerged, ContactSeparated
from zaguan.people.models import Agent, Contact, ContactMerge, ContactSheet, ProfileEntry
from zaguan.people.profile_joining import fill_profile, restore_profile

# Who says for how many days a merge can be undone: the desk's own choices are kept by an app above.
_days: list[Callable[[], int]] = []
CHOSEN_BY_FIELD = ("name", "organisation", "language", "time_zone", "notes")
# What stands before the id of a profile field where a merge remembers its changes.
_PROFILE = "profile."
_BATCH = 500


def holders() -> Iterator[ForeignObjectRel]:
    """Every column that names a contact, but who was merged into whom, and the profile, which joins field by field."""
    for relation in Contact._meta.related_objects:
        if relation.related_model not in (Contact, ContactMerge, ContactSheet, ProfileEntry):
            yield relation


@transaction.atomic
def merge_contacts(
    survivor: Contact,
    absorbed: Contact,
    *,
    by: Any,
    take: frozenset[str] = frozenset(),
    profile: frozenset[str] = frozenset(),
) -> ContactMerge:
    """Move addresses, tickets and all else of `absorbed` to `survivor`.

    `take` names the fields, `profile` the keys of profile fields, whose value comes from `absorbed`; what the
    survivor lacks comes from there in any case.
    Notes that both have are joined unless taken. Raises Refused for one contact twice or one merged already.
    """
    first, second = sorted((survivor.pk, absorbed.pk))
    if first == second:
        raise Refused(_("Choose two different contacts."), field="other")
    rows = Contact.objects.select_for_update(of=("self",)).in_bulk([first, second])
    kept, gone = rows[survivor.pk], rows[absorbed.pk]
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused(_("One of these contacts was merged just now. Reload the page."), field="other")
    merge = ContactMerge(survivor=kept, absorbed=gone, by=by if isinstance(by, Agent) else None)
    merge.changes = _take(kept, gone, take)
    merge.moved = {_name(each): _move(each, gone, kept) for each in holders()}
    joined = fill_profile(kept, gone, take=profile, by=by)
    merge.changes |= {_PROFILE + mark: change for mark, change in joined.items()}
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    merge.save()
    record(ContactMerged(contact_id=kept.pk, absorbed_id=gone.pk, merge_id=merge.pk), by=by)
    return merge


@transaction.atomic
def separate(merge: ContactMerge, *, by: Any) -> Contact:
    """Undo a merge: what was moved and still is with the survivor goes back, fields too unless changed since.

    What came after the merge stays with the survivor. Raises Refused after the days for it, or when it was undone already.
    """
    fresh = ContactMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if not can_separate(fresh):
        raise Refused(_("This can no longer be undone."))
    rows = Contact.objects.select_for_update(of=("self",)).in_bulk([fresh.survivor_id, fresh.absorbed_id])
    kept, gone = rows[fresh.survivor_id], rows[fresh.absorbed_id]
    if kept.merged_into_id:
        raise Refused(_("Undo the later merge of this contact first."))
    for each in holders():
        _move(each, kept, gone, only=fresh.moved.get(_name(each), []))
    _put_back(kept, fresh.changes)
    profile = {k.removeprefix(_PROFILE): v for k, v in fresh.changes.items() if k.startswith(_PROFILE)}
    restore_profile(kept, profile, by=by)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    fresh.undone_at = timezone.now()
    fresh.save(update_fields=["undone_at"])
    record(ContactSeparated(contact_id=kept.pk, absorbed_id=gone.pk, merge_id=fresh.pk), by=by)
    return gone


def register_undo_days(chosen: Callable[[], int]) -> Callable[[], int]:
    """Let the app that keeps the desk's choices say how long a merge can be undone."""
    _days[:] = [chosen]
    return chosen


def undo_days() -> int:
    """For how many days a merge can be undone; 0: not at all."""
    return _days[0]() if _days else 30


def can_separate(merge: ContactMerge) -> bool:
    """Whether undoing is still offered."""
    return merge.undone_at is None and timezone.now() - merge.created_at < timedelta(days=undo_days())


def survivor_of(contact: Contact) -> Contact:
    """Who this contact is today, after any number of merges."""
    while contact.merged_into is not None:
        contact = contact.merged_into
    return contact


def successor(public_id: str, viewer: Agent) -> Contact | None:
    """Whom the old address of a merged contact leads to, if the viewer may know of them."""
    old = Contact.objects.filter(public_id=public_id).exclude(merged_into=None).first()
    return Contact.objects.visible_to(viewer).filter(pk=survivor_of(old).pk).first() if old else None


def merges_of(contact: Contact, viewer: Agent) -> list[ContactMerge]:
    """What was merged into this contact and can still be undone, newest first."""
    since = timezone.now() - timedelta(days=undo_days())
    rows = ContactMerge.objects.visible_to(viewer).filter(
        survivor=contact, undone_at=None, created_at__gt=since
    )
    return list(rows.select_related("absorbed", "by").order_by("-pk"))


def _name(relation: ForeignObjectRel) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def _take(kept: Contact, gone: Contact, take: frozenset[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in CHOSEN_BY_FIELD:
        column = "organisation_id" if name == "organisation" else name
        old, other = getattr(kept, column), getattr(gone, column)
        new = other if other and (name in take or not old) else old
        if name == "notes" and old and other and name not in take and other != old:
            new = f"{old}\n\n{other}"
        if new != old:
            setattr(kept, column, new)
            changes[column] = [old, new]
    if changes:
        kept.save(update_fields=list(changes))
    return changes


def _put_back(kept: Contact, changes: dict[str, Any]) -> None:
    columns = {name: change for name, change in changes.items() if not name.startswith(_PROFILE)}
    back = [name for name, (_old, new) in columns.items() if getattr(kept, name) == new]
    for name in back:
        setattr(kept, name, changes[name][0])
    if back:
        kept.save(update_fields=back)


def _move(
    relation: ForeignObjectRel, source: Contact, target: Contact, only: list[int] | None = None
) -> list[int]:
    """Point rows at `target`; a row that the target has already stays behind. Returns the ids of those moved."""
    rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
    ids = sorted(rows.values_list("pk", flat=True) if only is None else only)
    moved: list[int] = []
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        chosen = rows.filter(pk__in=some)
        there = sorted(chosen.values_list("pk", flat=True)) if only is not None else some
        moved += _point(relation, there, target)
    return moved


def _point(relation: ForeignObjectRel, ids: list[int], target: Contact) -> list[int]:
    rows = relation.related_model._default_manager
    try:
        with transaction.atomic():
            rows.filter(pk__in=ids).update(**{relation.field.name: target})
            return ids
    except IntegrityError:
        if len(ids) == 1:
            return []
        half = len(ids) // 2
        return [*_point(relation, ids[:half], target), *_point(relation, ids[half:], target)]
