"""Plain fields of a ticket: subject, lists, importance, tags, copies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.prepared import Prepared
from zaguan.lib.statements import insert
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.events import CopiesChanged, FieldsChanged, TagsChanged
from zaguan.tickets.models import CarbonCopy, Tag, Ticket

EDITABLE = ("subject", "category", "urgency", "service", "is_important", "summary", "requester")


@transaction.atomic
def edit(ticket: Ticket | int, *, by: Any, version: int | None = None, **values: Any) -> Ticket:
    """Change plain fields; what stays the same makes no event. Raises Refused for an empty subject."""
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    changes = {name: _change(fresh, name, value) for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair}
    if changes:
        columns = [*changes, "urgency_rank", "organisation"]
        store(fresh, *columns)
        record(FieldsChanged(ticket_id=fresh.pk, changes=changes), by=by)
    return fresh


def _change(ticket: Ticket, name: str, value: Any) -> list[Any] | None:
    if name not in EDITABLE:
        raise ValueError(f"{name} is not a plain field of a ticket")
    if name == "subject":
        value = str(value).strip()[:300]
        if not value:
            raise Refused(_("A ticket needs a subject."), field="subject")
    old = getattr(ticket, name)
    if old == value:
        return None
    setattr(ticket, name, value)
    if name == "urgency":
        ticket.urgency_rank = value.rank if value else 0
    if name == "requester":
        ticket.organisation_id = value.organisation_id if value else None
    return [_plain(old), _plain(value)]


def _plain(value: Any) -> Any:
    return (
        value if value is None or isinstance(value, str | bool | int) else str(getattr(value, "name", value))
    )


def tag_named(name: str) -> Tag:
    """The tag with this name in any case, made when missing; raises Refused for an empty or overlong name."""
    clean = " ".join(name.split()).strip("#,")
    if not clean or len(clean) > 60:
        raise Refused(_("A tag has 1 to 60 letters."), field="tags")
    return Tag.objects.filter(name__iexact=clean).first() or Tag.objects.create(name=clean)


_worn = Prepared(
    lambda number: (
        Ticket.tags.through.objects.filter(ticket_id=number).order_by("tag_id").values_list("tag_id")
    )
)


def worn_by(ticket: Ticket) -> list[int]:
    """The ids of a ticket's tags, in order."""
    return [row[0] for row in _worn(ticket.pk)]


@transaction.atomic
def retag(
    ticket: Ticket | int,
    *,
    by: Any,
    add: Iterable[Tag] = (),
    remove: Iterable[Tag] = (),
    version: int | None = None,
) -> Ticket:
    """Add and remove tags; only real changes are recorded."""
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    present = set(worn_by(fresh))
    added = [tag for tag in dict.fromkeys(add) if tag.pk not in present]
    removed = [tag for tag in dict.fromkeys(remove) if tag.pk in present and tag not in added]
    if added or removed:
        wearing = Ticket.tags.through
        for tag in added:
            insert(wearing(ticket_id=fresh.pk, tag_id=tag.pk))
        if removed:
            wearing.objects.filter(ticket_id=fresh.pk, tag_id__in=[tag.pk for tag in removed]).delete()
        store(fresh)
        event = TagsChanged(
            ticket_id=fresh.pk, added=[t.name for t in added], removed=[t.name for t in removed]
        )
        record(event, by=by)
    return fresh


@transaction.atomic
def set_copies(ticket: Ticket | int, people: Iterable[tuple[str, str]], *, by: Any) -> Ticket:
    """Replace who is in copy: pairs of address and name."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    wanted = {email.strip().lower(): name for email, name in people if email.strip()}
    present = set(fresh.copies.values_list("email", flat=True))
    added, removed = sorted(set(wanted) - present), sorted(present - set(wanted))
    if added or removed:
        fresh.copies.filter(email__in=removed).delete()
        CarbonCopy.objects.bulk_create(
            [CarbonCopy(ticket=fresh, email=e, name=wanted[e][:160]) for e in added]
        )
        store(fresh)
        record(CopiesChanged(ticket_id=fresh.pk, added=added, removed=removed), by=by)
    return fresh
