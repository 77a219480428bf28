"""What was said since somebody last looked: the question before every send (R13)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zaguan.conversations.models import Message
from zaguan.lib.errors import Conflict
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

_MOST = 20


def refuse_unseen(ticket: Ticket, last_seen_id: int | None, *, by: Any) -> None:
    """Raise Conflict with the newer messages when the customer or a colleague wrote after `last_seen_id`."""
    if last_seen_id is None:
        return
    newer = Message.objects.filter(ticket=ticket, pk__gt=last_seen_id, withdrawn_at=None, is_automatic=False)
    newer = newer.exclude(visibility=Message.Visibility.INTERNAL)
    if isinstance(by, Agent):
        newer = newer.exclude(agent=by, direction=Message.Direction.OUT)
    found = list(newer.select_related("agent", "contact").order_by("id")[:_MOST])
    if found:
        raise Conflict(
            _("Somebody wrote while you were typing. Read it before you send."),
            changes=[_shown(message) for message in found],
            version=ticket.version,
        )


def _shown(message: Message) -> dict[str, Any]:
    author = message.agent or message.contact
    kind = "agent" if message.agent_id else "contact"
    return {
        "event": None,
        "kind": "conversations.Message",
        "message_id": message.pk,
        "direction": message.direction,
        "at": message.created_at,
        "by": {"kind": kind, "id": author.pk if author else None},
        "name": author.name if author else message.sender_name,
        "excerpt": excerpt(message.reply_text or message.text, 200),
    }
