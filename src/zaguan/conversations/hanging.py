"""Files, links and items of the library that agents hang on a ticket (A7.9): for agents only, nothing is sent."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.conversations.events import ItemHung, ItemTakenDown
from zaguan.conversations.library import checked_address, name_of_address
from zaguan.conversations.models import Attachment, LibraryItem, TicketItem
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, store
from zaguan.tickets.models import Ticket

MOST = 500


@transaction.atomic
def hang_file(ticket: Ticket | int, attachment: Attachment, *, by: Any) -> TicketItem:
    """Hang a file that `by` has uploaded. Raises Refused for one that belongs elsewhere."""
    waiting = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    own = waiting.uploaded_by_id == (by.pk if isinstance(by, Agent) else None)
    if waiting.message_id is not None or not own or hasattr(waiting, "in_library"):
        raise Refused(_("This file belongs to something else. Upload it again."), field="file")
    if hasattr(waiting, "on_ticket"):
        raise Refused(_("This file hangs on a ticket already."), field="file")
    item = _hang(ticket, by=by, attachment=waiting, name=waiting.name)
    # Nobody's upload any more, so that nobody can send this very row away.
    Attachment.objects.filter(pk=waiting.pk).update(uploaded_by=None)
    return item


def hang_link(ticket: Ticket | int, address: str, name: str = "", *, by: Any) -> TicketItem:
    """Hang a web address, under a name."""
    checked = checked_address(address)
    named = " ".join(name.split())[:255] or name_of_address(checked)
    return _hang(ticket, by=by, address=checked, name=named)


def hang_library_item(ticket: Ticket | int, item: LibraryItem, *, by: Any) -> TicketItem:
    """Hang an item of the library; twice is once."""
    if item.archived_at is not None:
        raise Refused(_("“%(name)s” is no longer in the library.") % {"name": item.name}, field="item")
    return _hang(ticket, by=by, library_item=item, name=item.name)


@transaction.atomic
def _hang(ticket: Ticket | int, *, by: Any, **values: Any) -> TicketItem:
    fresh = lock(ticket)
    wanted = values.get("library_item")
    known = TicketItem.objects.filter(ticket=fresh, library_item=wanted).first() if wanted else None
    if known is not None:
        return known
    if TicketItem.objects.filter(ticket=fresh).count() >= MOST:
        raise Refused(_("A ticket has room for %(count)s attachments.") % {"count": MOST})
    item = TicketItem.objects.create(ticket=fresh, added_by=by if isinstance(by, Agent) else None, **values)
    store(fresh)
    record(ItemHung(ticket_id=fresh.pk, item_id=item.pk, name=item.name, what=what_of(item)), by=by)
    return item


@transaction.atomic
def take_down(item: TicketItem, *, by: Any) -> None:
    """Take it off the ticket. An uploaded file waits, for its uploader only, and goes with the unsent ones."""
    fresh = lock(item.ticket_id)
    if TicketItem.objects.filter(pk=item.pk).delete()[0]:
        uploader = by if isinstance(by, Agent) else item.added_by
        if item.attachment_id is not None:
            Attachment.objects.filter(pk=item.attachment_id).update(uploaded_by=uploader)
        store(fresh)
        record(ItemTakenDown(ticket_id=fresh.pk, item_id=item.pk, name=item.name, what=what_of(item)), by=by)


def what_of(item: TicketItem) -> str:
    """Which of the three it is."""
    if item.library_item_id is not None:
        return "library"
    return "file" if item.attachment_id is not None else "link"
