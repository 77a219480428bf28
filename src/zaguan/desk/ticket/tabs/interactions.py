"""The tab of interactions: everything that was exchanged with the outside, in one short list (A7.1)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zaguan.conversations.models import Message
from zaguan.conversations.reading import parts_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.rows import CHANNEL_ICONS
from zaguan.desk.ticket.bubbles import author_of, delivery_state
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.lib.numbers import whole
from zaguan.lib.text import excerpt

SIZE = 40
WAYS = {"in": Q(direction="in"), "out": Q(direction="out"), "calls": Q(channel="phone")}


def _exchanged(sheet: Sheet) -> QuerySet[Message]:
    """Mails, chats and calls; what stays inside is in the notes."""
    said = Message.objects.visible_to(sheet.viewer).without_side().filter(ticket=sheet.ticket)
    return said.exclude(direction="note", channel="note")


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    way, before = request.GET.get("way", ""), whole(request.GET.get("before", ""))
    rows = _exchanged(sheet).filter(WAYS.get(way, Q()))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.defer("html").order_by("-id")[: SIZE + 1])
    shown = found[:SIZE]
    parts = parts_of(shown[::-1])
    older = f"{sheet.url}?tab=interactions&way={way}&before={shown[-1].pk}" if len(found) > SIZE else ""
    return {
        "way": way,
        "ways": [
            ("", _("All")),
            ("in", _("Received")),
            ("out", pgettext("messages", "Sent")),
            ("calls", _("Calls")),
        ],
        "interactions": [_line(message, parts[message.pk]) for message in shown],
        "older": older,
    }


def _line(message: Message, parts: Any) -> dict[str, Any]:
    people = [*message.to, *message.cc]
    return {
        "m": message,
        "author": author_of(message),
        "icon": CHANNEL_ICONS.get(message.channel, "message-square"),
        "people": ", ".join((p[1] if len(p) > 1 and p[1] else p[0]) for p in people if p),
        "words": excerpt(message.reply_text or message.text, 140),
        "files": len([f for f in parts.files if not f.is_inline]),
        "state": delivery_state(parts.deliveries).name,
    }


register(
    Tab(
        key="interactions",
        label=gettext_lazy("Interactions"),
        icon="arrow-left-right",
        template="desk/ticket/tabs/interactions.jinja",
        context=_context,
        count=lambda sheet: _exchanged(sheet).count(),
        position=20,
    )
)
