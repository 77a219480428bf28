"""Mails, calls and notes as documents in a ticket's flow."""

from __future__ import annotations

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from zaguan.conversations.models import SIDE, Message
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.flow import Document, documents

_ICONS = {"in": "mail", "out": "send", "note": "lock"}


@documents
def messages_in(numbers: list[int], viewer: Agent, limit: int) -> dict[int, tuple[list[Document], int]]:
    """The newest messages of each ticket; the numbers came through the viewer's gate."""
    rows = Message.objects.filter(ticket__in=numbers, withdrawn_at=None)
    totals = dict(rows.values_list("ticket_id").annotate(n=Count("pk")).order_by())
    ranked = rows.annotate(place=Window(RowNumber(), partition_by=F("ticket_id"), order_by=F("id").desc()))
    found: dict[int, tuple[list[Document], int]] = {n: ([], totals[n]) for n in totals}
    for message in ranked.filter(place__lte=limit).only(
        "id", "ticket_id", "direction", "channel", "sender_name", "subject", "reply_text", "created_at"
    ):
        found[message.ticket_id][0].append(_document(message))
    return found


def _document(message: Message) -> Document:
    kinds = {"in": _("From the customer"), "out": _("To the customer"), "note": _("Internal note")}
    kind = _("Call") if message.channel == "phone" else kinds.get(message.direction, "")
    place = ""
    if message.channel == SIDE:
        kind, place = _("Side thread"), "?tab=outside"
    words = excerpt(message.reply_text or message.subject, 60)
    return Document(
        kind=kind,
        label=words or message.sender_name,
        at=message.created_at,
        href=f"/desk/tickets/{message.ticket_id}/{place}#message-{message.pk}",
        icon="phone" if message.channel == "phone" else _ICONS.get(message.direction, "mail"),
    )
