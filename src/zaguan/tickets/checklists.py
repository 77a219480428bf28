"""Things to be done on a ticket, ticked off by whom and when; lists that are used again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, refuse_closed
from zaguan.tickets.models import ChecklistItem, ChecklistTemplate, Ticket
from zaguan.tickets.work_events import ChecklistChanged

MOST = 100


def _clean(texts: Iterable[str]) -> list[str]:
    return [text for text in (" ".join(each.split())[:300] for each in texts) if text]


@transaction.atomic
def add_items(ticket: Ticket | int, texts: Iterable[str], *, by: Any) -> list[ChecklistItem]:
    """Put things on the list, at its end."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    wanted = _clean(texts)
    if not wanted:
        raise Refused(_("Say what is to be done."), field="text")
    present = list(fresh.checklist.values_list("position", flat=True))
    if len(present) + len(wanted) > MOST:
        raise Refused(_("A checklist holds at most %(most)s items.") % {"most": MOST}, field="text")
    start = max(present, default=-1) + 1
    items = [ChecklistItem(ticket=fresh, text=text, position=start + n) for n, text in enumerate(wanted)]
    for item in items:
        item.save()
    record(ChecklistChanged(ticket_id=fresh.pk, added=wanted), by=by)
    return items


def _locked(item: ChecklistItem) -> ChecklistItem:
    refuse_closed(lock(item.ticket_id))
    return ChecklistItem.objects.get(pk=item.pk)


@transaction.atomic
def tick(item: ChecklistItem, done: bool, *, by: Any) -> ChecklistItem:
    """Done, or not yet after all."""
    fresh = _locked(item)
    if (fresh.done_at is not None) == done:
        return fresh
    fresh.done_at = timezone.now() if done else None
    fresh.done_by = by if done and isinstance(by, Agent) else None
    fresh.save(update_fields=["done_at", "done_by"])
    said = {"done": [fresh.text]} if done else {"undone": [fresh.text]}
    record(ChecklistChanged(ticket_id=fresh.ticket_id, **said), by=by)
    return fresh


@transaction.atomic
def remove_item(item: ChecklistItem, *, by: Any) -> None:
    """Take it off the list."""
    fresh = _locked(item)
    fresh.delete()
    record(ChecklistChanged(ticket_id=item.ticket_id, removed=[fresh.text]), by=by)


@transaction.atomic
def move_item(item: ChecklistItem, by_places: int) -> None:
    """Up or down; an order is no history."""
    _locked(item)
    items = list(ChecklistItem.objects.filter(ticket=item.ticket_id))
    place = items.index(item)
    items.insert(max(0, min(len(items) - 1, place + by_places)), items.pop(place))
    for position, each in enumerate(items):
        each.position = position
    ChecklistItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def save_template(
    template: ChecklistTemplate | None, name: str, items: Iterable[str], *, by: Any
) -> ChecklistTemplate:
    """A list for use again, under a name of its own."""
    name, wanted = " ".join(name.split())[:120], _clean(items)
    if not name:
        raise Refused(_("Give it a name."), field="name")
    if not wanted:
        raise Refused(_("Say what is to be done."), field="items")
    taken = ChecklistTemplate.objects.filter(name__iexact=name)
    if taken.exclude(pk=template.pk if template else None).exists():
        raise Refused(_("There is a list of this name already."), field="name")
    saved = template or ChecklistTemplate()
    saved.name, saved.items = name, wanted[:MOST]
    saved.save()
    record(SettingChanged(what="checklist_template", id=saved.pk, name=name), by=by)
    return saved


@transaction.atomic
def delete_template(template: ChecklistTemplate, *, by: Any) -> None:
    """Take a list out of the choice; tickets keep their items."""
    gone = template.pk
    template.delete()
    record(
        SettingChanged(
            what="checklist_template", id=gone, name=template.name, changes={"deleted": [False, True]}
        ),
        by=by,
    )
