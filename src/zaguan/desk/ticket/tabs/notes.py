"""The tab of internal notes: a chat between agents beside the conversation (A8.1, A8.2)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models import Message
from zaguan.conversations.reading import parts_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.bubbles import author_of, body_of
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.lib.numbers import whole

SIZE = 40


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    notes = Message.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket, direction="note")
    before = whole(request.GET.get("before", ""))
    if before is not None:
        notes = notes.filter(pk__lt=before)
    rows = list(notes.order_by("-id")[: SIZE + 1])
    shown = rows[:SIZE][::-1]
    parts = parts_of(shown)
    return {
        "notes": [(note, author_of(note), body_of(note, parts[note.pk].files)) for note in shown],
        "note_files": {pk: [f for f in part.files if not f.is_inline] for pk, part in parts.items()},
        "earlier": f"{sheet.url}?tab=notes&before={shown[0].pk}" if len(rows) > SIZE else "",
        "is_latest": before is None,
        "chat_key": uuid4().hex,
    }


register(
    Tab(
        key="notes",
        label=_("Notes"),
        icon="message-square-lock",
        template="desk/ticket/tabs/notes.jinja",
        context=_context,
        count=lambda sheet: sheet.ticket.note_count,
        position=60,
        keys="shift+n",
    )
)
