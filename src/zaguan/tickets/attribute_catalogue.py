"""Types of tickets and what they ask for, as an administrator sets them up (A12)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.attributes import defining
from zaguan.lib.attributes.definition import Format
from zaguan.lib.errors import Refused
from zaguan.lib.folding import squeeze
from zaguan.people.events import SettingChanged
from zaguan.people.reference import forget_all
from zaguan.tickets.filtering import builtin_names
from zaguan.tickets.models import Attribute, Ticket, TicketType

TITLE = {"name": "Título", "names": {"es": "Título", "en": "Title", "pt": "Título"}}
DESCRIPTION = {"name": "Descripción", "names": {"es": "Descripción", "en": "Description", "pt": "Descrição"}}
_PARTS = ("name", "names", "category", "icon", "description", "descriptions")


@transaction.atomic
def save_type(entry: TicketType | None, *, by: Any, **values: Any) -> TicketType:
    """Create a type, with title and description (A12.4), or change one. Raises Refused by field."""
    saved = entry or TicketType(position=(TicketType.objects.aggregate(top=Max("position"))["top"] or 0) + 1)
    if set(values) - set(_PARTS):
        raise ValueError(f"not parts of a type: {set(values) - set(_PARTS)}")
    changes = {k: [getattr(saved, k), v] for k, v in values.items() if getattr(saved, k) != v}
    was = saved.category
    for name, value in values.items():
        setattr(saved, name, value)
    _check_type(saved, was)
    saved.save()
    if entry is None:
        _add_defaults(saved)
    if changes:
        _recorded("ticket_type", saved, changes, by=by)
    return saved


def _check_type(kind: TicketType, was: str) -> None:
    if not kind.name.strip():
        raise Refused(_("Give it a name."), field="name")
    if kind.category not in TicketType.Category.values:
        raise Refused(_("Choose a category: customer, back-office or tracker."), field="category")
    same = TicketType.objects.filter(name__iexact=kind.name.strip(), archived_at=None).exclude(pk=kind.pk)
    if same.exists():
        raise Refused(_("There is a type with this name already."), field="name")
    if kind.pk and was != kind.category and Ticket.objects.filter(type=kind).exists():
        raise Refused(
            _("There are tickets of this type: its category can no longer change."), field="category"
        )


def _add_defaults(kind: TicketType) -> None:
    Attribute.objects.create(
        type=kind, key="title", default="title", format=Format.TEXT, position=0,
        is_public=True, needed_from_agent=True, needed_from_customer=True, **TITLE,
    )  # fmt: skip
    Attribute.objects.create(
        type=kind, key="description", default="description", format=Format.TEXT, many=True, position=1,
        is_public=True, **DESCRIPTION,
    )  # fmt: skip


@transaction.atomic
def set_type_archived(kind: TicketType, archived: bool, *, by: Any) -> None:
    """Offer a type no longer (its tickets keep it), or again."""
    kind.archived_at = timezone.now() if archived else None
    kind.save(update_fields=["archived_at"])
    _recorded("ticket_type", kind, {"archived": [not archived, archived]}, by=by)


@transaction.atomic
def save_attribute(kind: TicketType, entry: Attribute | None, *, by: Any, **values: Any) -> Attribute:
    """Add an attribute to a type, or change one. `format` and `key` are given once. Raises Refused by field."""
    siblings = list(Attribute.objects.filter(type=kind).select_for_update(of=("self",)))
    saved = entry or _begun(kind, siblings, values)
    values = {k: v for k, v in values.items() if k not in ("format", "key")}
    if saved.default and values.get("many", saved.many) != saved.many:
        raise Refused(_("Title and description stay texts."), field="many")
    changes = defining.fill(saved, siblings, values)
    saved.save()
    if changes or entry is None:
        _recorded("attribute", saved, changes, by=by)
    return saved


def _begun(kind: TicketType, siblings: list[Attribute], values: dict[str, Any]) -> Attribute:
    if len(siblings) >= defining.MOST_ATTRIBUTES:
        raise Refused(_("A type may have up to %(most)d attributes.") % {"most": defining.MOST_ATTRIBUTES})
    if values.get("format") not in Format.values:
        raise Refused(_("Choose a format."), field="format")
    taken = {a.key for a in siblings} | builtin_names()
    wanted = str(values.get("key") or "")
    if wanted and squeeze(wanted) in taken:
        raise Refused(_("“%(key)s” is taken.") % {"key": wanted}, field="key")
    name = str(values.get("name") or "")
    key = defining.chosen_key(wanted, taken) if wanted else defining.free_key(name, taken)
    while squeeze(key) in taken:
        key = defining.free_key(f"{key}-field", taken)
    place = max((a.position for a in siblings), default=-1) + 1
    return Attribute(type=kind, format=values["format"], key=key, position=place)


@transaction.atomic
def set_attribute_archived(attribute: Attribute, archived: bool, *, by: Any) -> None:
    """Ask for it no longer (tickets keep what they hold), or again. Title and description stay."""
    if attribute.default and archived:
        raise Refused(_("Each type has a title and a description."))
    defining.retire(attribute, list(Attribute.objects.filter(type_id=attribute.type_id)), archived)
    attribute.save(update_fields=["archived_at"])
    _recorded("attribute", attribute, {"archived": [not archived, archived]}, by=by)


@transaction.atomic
def reorder_attributes(kind: TicketType, ids: list[int], *, by: Any) -> None:
    """Put the attributes of a type into this order. Raises Refused when a condition would precede its cause."""
    rows = list(Attribute.objects.filter(type=kind).select_related("depends_on"))
    wanted = defining.ordered(rows, ids)
    if [r.pk for r in wanted] == [r.pk for r in rows]:
        return
    for position, row in enumerate(wanted):
        row.position = position
    Attribute.objects.bulk_update(wanted, ["position"])  # type: ignore[arg-type]
    _recorded("ticket_type", kind, {"order": ["", [row.key for row in wanted]]}, by=by)


def _recorded(what: str, row: TicketType | Attribute, changes: dict[str, Any], *, by: Any) -> None:
    forget_all()
    record(SettingChanged(what=what, id=row.pk, name=row.name, changes=changes), by=by)
