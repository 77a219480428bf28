"""The tab of side threads: what was asked of people outside, and what they answered (A9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from zaguan.conversations.models import SIDE, Delivery, Message, SideThread
from zaguan.conversations.reading import File, Parts, parts_of
from zaguan.conversations.seeing import mark_side_seen
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.bubbles import State, author_of, body_of, delivery_state, folded_of
from zaguan.desk.ticket.outside_drafts import typed_beside
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.lib.html import html_of_text

MOST = 300


@dataclass
class Said:
    """One message of a side thread."""

    m: Message
    author: str
    # "asked", "unknown", "customer" or "agent"; "" for what we wrote.
    kind: str
    body: Markup
    folded: Markup
    state: State
    state_words: str
    files: list[File] = field(default_factory=list)


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    mark_side_seen(sheet.viewer, sheet.ticket)
    rows = SideThread.objects.visible_to(sheet.viewer).filter(thread__ticket=sheet.ticket)
    sides = list(rows.select_related("thread", "agent").order_by("-id"))
    messages = Message.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket, channel=SIDE)
    said = list(messages.order_by("-id")[:MOST])[::-1] if sides else []
    parts = parts_of(said)
    of: dict[int, list[Said]] = {side.thread_id: [] for side in sides}
    for message in said:
        of.setdefault(message.thread_id or 0, []).append(_said(message, parts[message.pk]))
    return {
        "sides": [(side, of[side.thread_id]) for side in sides],
        "side_key": uuid4().hex,
        "begun": typed_beside(sheet.viewer, sheet.ticket) if sides else {},
        "may_ask": sheet.is_answered and sheet.viewer.can("conversations.escalate"),
    }


def _said(message: Message, parts: Parts) -> Said:
    sent = message.direction == Message.Direction.OUT
    state = delivery_state(parts.deliveries)
    return Said(
        message,
        author_of(message),
        "" if sent else str(message.details.get("side", {}).get("sender", "")),
        Markup(html_of_text(message.reply_text)) if sent else body_of(message, parts.files),  # noqa: S704
        Markup("") if sent else folded_of(message),
        state,
        str(Delivery.State(state.name).label) if state.name else "",
        [f for f in parts.files if not f.is_inline],
    )


def _count(sheet: Sheet) -> int:
    return SideThread.objects.visible_to(sheet.viewer).filter(thread__ticket=sheet.ticket).count()


register(
    Tab(
        key="outside",
        label=_("Side threads"),
        icon="messages-square",
        template="desk/ticket/tabs/outside.jinja",
        context=_context,
        count=_count,
        position=65,
    )
)
