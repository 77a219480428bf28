"""What the fields of a ticket may hold: statuses, categories, urgencies, the tree of services, tags."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.reference import forget_all
from zaguan.tickets.models import Category, PartyRole, Rule, Service, Status, Tag, Ticket, Urgency
from zaguan.tickets.statuses import rules

# Ten years: what is kept longer is kept for ever.
MOST_DAYS = 3660
Entry = Status | Category | Urgency | Service | PartyRole
T = TypeVar("T", Status, Category, Urgency, Service, PartyRole)


@transaction.atomic
def save_entry(kind: type[T], entry: T | None, *, by: Any, **values: Any) -> T:
    """Create or change an entry of a list. Raises Refused without a name, or when a phase would lose its default."""
    if not str(values.get("name", entry.name if entry else "")).strip():
        raise Refused(_("Give it a name."), field="name")
    saved = entry or kind(position=(kind._default_manager.aggregate(top=Max("position"))["top"] or 0) + 1)
    changes = {
        k: [str(getattr(saved, k, "") or ""), str(v)] for k, v in values.items() if getattr(saved, k) != v
    }
    if isinstance(saved, Status):
        _check_status(saved, values)
    if isinstance(saved, Service):
        _check_tree(saved, values.get("parent"))
    for key, value in values.items():
        setattr(saved, key, value)
    saved.save()
    _recorded(kind, saved, changes, by=by)
    return saved


def _check_status(status: Status, values: dict[str, Any]) -> None:
    phase = values.get("phase", status.phase)
    if status.pk and phase != status.phase and Ticket.objects.filter(status=status).exists():
        raise Refused(_("Tickets are in this status: its phase can no longer change."), field="phase")
    wanted = values.get("is_default", status.is_default)
    if status.pk and status.is_default and not wanted:
        raise Refused(_("Make another status the default of this phase instead."), field="is_default")
    if wanted:
        # At most one per phase, and the constraint is checked row by row.
        Status.objects.filter(phase=phase, is_default=True).exclude(pk=status.pk).update(is_default=False)


def _check_tree(service: Service, parent: Service | None) -> None:
    above = parent
    while above is not None:
        if service.pk and above.pk == service.pk:
            raise Refused(_("A service cannot stand below itself."), field="parent")
        above = above.parent


def _recorded(kind: type[Any], entry: Any, changes: dict[str, Any], *, by: Any) -> None:
    forget_all()
    record(SettingChanged(what=kind.__name__.lower(), id=entry.pk, name=entry.name, changes=changes), by=by)


@transaction.atomic
def set_archived(entry: Entry, archived: bool, *, by: Any) -> None:
    """Retire an entry (old tickets keep it) or bring it back. A phase's default status stays."""
    if archived and isinstance(entry, Status) and entry.is_default:
        raise Refused(_("This is the default of its phase. Make another status the default first."))
    entry.archived_at = timezone.now() if archived else None
    entry.save(update_fields=["archived_at"])
    _recorded(type(entry), entry, {"archived": [not archived, archived]}, by=by)


@transaction.atomic
def reorder(kind: type[Any], ids: list[int], *, by: Any) -> None:
    """Put the entries of a list into this order; those left out come last."""
    entries = {e.pk: e for e in kind._default_manager.all()}
    ordered = [entries[i] for i in ids if i in entries] + [e for pk, e in entries.items() if pk not in ids]
    for position, entry in enumerate(ordered):
        entry.position = position
    kind._default_manager.bulk_update(ordered, ["position"])
    forget_all()
    record(SettingChanged(what=kind.__name__.lower(), changes={"order": ["", ids]}), by=by)


@transaction.atomic
def make_tag(name: str, *, by: Any) -> Tag:
    """A tag before any ticket wears it, so that filters, rules and policies can name it."""
    clean = " ".join(name.split()).strip("#,")
    if not clean or len(clean) > 60:
        raise Refused(_("A tag has 1 to 60 letters."), field="name")
    if Tag.objects.filter(name__iexact=clean).exists():
        raise Refused(_("There is a tag of this name already."), field="name")
    tag = Tag.objects.create(name=clean)
    _recorded(Tag, tag, {"name": ["", clean]}, by=by)
    return tag


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, by: Any) -> Tag:
    """Give a tag another name; if that is another tag's, the two become one."""
    clean = " ".join(name.split()).strip("#,")
    if not clean or len(clean) > 60:
        raise Refused(_("A tag has 1 to 60 letters."), field="name")
    other = Tag.objects.filter(name__iexact=clean).exclude(pk=tag.pk).first()
    changes = {"name": [tag.name, clean]}
    if other:
        worn = Ticket.tags.through.objects
        both = worn.filter(tag_id=other.pk).values("ticket_id")
        worn.filter(tag_id=tag.pk, ticket_id__in=both).delete()
        worn.filter(tag_id=tag.pk).update(tag_id=other.pk)
        tag.delete()
    else:
        tag.name = clean
        tag.save(update_fields=["name"])
    _recorded(Tag, other or tag, changes, by=by)
    return other or tag


@transaction.atomic
def delete_tag(tag: Tag, *, by: Any) -> None:
    """Take a tag off every ticket and out of the list."""
    gone = Tag(pk=tag.pk, name=tag.name)
    tag.delete()
    _recorded(Tag, gone, {"deleted": [False, True]}, by=by)


@transaction.atomic
def change_rules(*, by: Any, **values: Any) -> Rule:
    """The desk's own choices, such as the hours until a resolved ticket closes."""
    found = rules()
    for name in ("trash_days", "undo_merge_days", "undo_contact_days"):
        if not 0 <= values.get(name, 0) <= MOST_DAYS:
            raise Refused(_("Choose from 0 to %(most)d days.") % {"most": MOST_DAYS}, field=name)
    changes = {k: [getattr(found, k), v] for k, v in values.items() if getattr(found, k) != v}
    for key, value in values.items():
        setattr(found, key, value)
    try:
        found.save()
    except IntegrityError:
        raise Refused(_("That is not a number of hours.")) from None
    if changes:
        record(SettingChanged(what="rules", id=found.pk, changes=changes), by=by)
    return found
