"""The tab of attachments: everything that came in or went out, and what agents hung on the ticket (A7.9)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.conversations.models import Attachment, LibraryItem, TicketItem
from zaguan.conversations.previewing import kind_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register

MOST = 200
WAYS = ("", "in", "out", "note")


def _said(sheet: Sheet) -> QuerySet[Attachment]:
    files = Attachment.objects.visible_to(sheet.viewer)
    return files.filter(message__ticket=sheet.ticket, is_inline=False)


def _items(sheet: Sheet) -> QuerySet[TicketItem]:
    return TicketItem.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket)


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    way = request.GET.get("way", "")
    files = _said(sheet).filter(**({"message__direction": way} if way in WAYS[1:] else {}))
    rows = list(files.select_related("message").order_by("-id")[: MOST + 1])
    items = _items(sheet).select_related("attachment", "library_item__attachment", "added_by")
    library = LibraryItem.objects.visible_to(sheet.viewer).filter(archived_at=None)
    return {
        "way": way,
        "ways": [("", _("All")), ("in", _("Received")), ("out", _("Sent")), ("note", _("Internal"))],
        "files": rows[:MOST],
        "is_cut": len(rows) > MOST,
        "hung": [
            (item, item.attachment or (item.library_item and item.library_item.attachment)) for item in items
        ],
        "library": [
            (item.public_id, f"{item.folder}/{item.name}" if item.folder else item.name)
            for item in library[:500]
        ],
        "kind_of": kind_of,
    }


register(
    Tab(
        key="attachments",
        label=gettext_lazy("Attachments"),
        icon="paperclip",
        template="desk/ticket/tabs/attachments.jinja",
        context=_context,
        count=lambda sheet: _said(sheet).count() + _items(sheet).count(),
        position=55,
    )
)
