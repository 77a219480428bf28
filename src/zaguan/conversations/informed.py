"""How a mass update stands: numbers, and each recipient with what became of their message."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from zaguan.conversations.informing import rendered
from zaguan.conversations.models import Delivery, MassRecipient, MassUpdate
from zaguan.conversations.texts_by_language import language_for
from zaguan.lib.html import text_of
from zaguan.people.models import Agent
from zaguan.tickets.models import known_where

State = MassRecipient.State
PAGE = 50
# Of messages that were written, by what their newest delivery says.
_BY_DELIVERY = {
    "queued": "waiting", "sending": "waiting", "sent": "sent", "unknown": "unknown",
    "delivered": "delivered", "read": "delivered", "failed": "failed",
}  # fmt: skip
STATES = ("waiting", "sent", "delivered", "unknown", "failed", "skipped", "excluded")


@dataclass(frozen=True)
class Recipient:
    """One line: who, through what, in which language, the words, and how it went."""

    number: int
    name: str
    channel: str
    language: str
    text: str
    state: str
    reason: str
    missing: tuple[str, ...] = ()
    message_id: int | None = None
    # The language of the text that they get; empty for the one for everybody else.
    written_in: str = ""


def _rows(update: MassUpdate) -> QuerySet[Any]:
    newest = Delivery.objects.filter(message=OuterRef("message_id")).order_by("-attempt", "-id")
    return MassRecipient.objects.filter(update=update).annotate(
        delivery=Subquery(newest.values("state")[:1]), answer=Subquery(newest.values("answer")[:1])
    )


def _state(state: str, delivery: str | None) -> str:
    return _BY_DELIVERY.get(delivery or "queued", "waiting") if state == State.SENT else state


def numbers_of(update: MassUpdate) -> dict[str, int]:
    """How many recipients are in each state."""
    counted = dict.fromkeys(STATES, 0)
    rows = _rows(update).order_by().values("state", "delivery").annotate(n=Count("pk"))
    for row in rows:
        counted[_state(row["state"], row["delivery"])] += row["n"]
    return counted


def recipients_of(
    update: MassUpdate, viewer: Agent, *, only: str = "", after: int = 0, size: int = PAGE
) -> tuple[list[Recipient], int]:
    """A page of recipients that the viewer may know of, with their words, and where the next page begins (0: nowhere)."""
    rows = _rows(update).filter(known_where(viewer, "ticket__"), pk__gt=after)
    rows = rows.filter(_only(only)) if only else rows
    found = list(rows.select_related("ticket__requester", "ticket__organisation").order_by("pk")[: size + 1])
    more = found[size - 1].pk if len(found) > size else 0
    return [_line(update, row) for row in found[:size]], more


def _only(state: str) -> Q:
    deliveries = [name for name, shown in _BY_DELIVERY.items() if shown == state]
    written = Q(state=State.SENT, delivery__in=deliveries)
    return written if state in ("sent", "delivered", "unknown") else written | Q(state=state)


def _line(update: MassUpdate, row: MassRecipient) -> Recipient:
    ticket, who = row.ticket, row.ticket.requester
    filled = rendered(update, ticket)
    delivery, answer = getattr(row, "delivery", None), getattr(row, "answer", "") or ""
    state = _state(row.state, delivery)
    return Recipient(
        number=ticket.pk,
        name=who.name if who else "",
        channel="email",
        language=who.language if who else "",
        text=text_of(filled.html),
        state=state,
        reason=row.reason or (answer if state in ("failed", "unknown") else ""),
        missing=filled.missing,
        message_id=row.message_id,
        written_in=language_for(who.language if who else "", update.translations),
    )


def html_of(text: str) -> str:
    """Plain text as paragraphs, for who writes without an editor."""
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)
