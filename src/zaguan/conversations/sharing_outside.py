"""What leaves with a question to somebody outside (A9.2): exactly what the preview shows, and never a note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zaguan.conversations.models import Attachment, Message
from zaguan.lib.errors import Refused
from zaguan.lib.redacting import redact
from zaguan.people.models import Identity
from zaguan.tickets.attributes import attributes_of
from zaguan.tickets.candidates import service_path
from zaguan.tickets.models import Ticket

MOST_MESSAGES = 100
# Of one message; a longer one is a file by another name.
LONGEST = 20_000
Fact = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """What goes along: the last messages, and by choice what is known of customer and ticket, and the files."""

    messages: int = MOST_MESSAGES
    customer: bool = True
    ticket: bool = True
    files: bool = False
    redacted: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept and recorded."""
        plain = ("messages", "customer", "ticket", "files", "redacted")
        return {name: getattr(self, name) for name in plain}


@dataclass
class Shared:
    """The same as HTML and as text, with the files and the names that they get."""

    html: str = ""
    text: str = ""
    files: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(file.size for file in self.files)


def what_leaves(ticket: Ticket, sharing: Sharing) -> Shared:
    """Put it together. Raises Refused for a number of messages that is none."""
    if not 0 <= sharing.messages <= MOST_MESSAGES:
        raise Refused(_("Choose 0 to %(count)d messages.") % {"count": MOST_MESSAGES}, field="messages")
    messages = _messages(ticket, sharing.messages)
    clean = _Cleaning(ticket, messages, on=sharing.redacted)
    parts: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = []
    if sharing.ticket:
        parts.append((_("Ticket"), clean.facts(_of_ticket(ticket)), []))
    if sharing.customer:
        parts.append((_("Customer"), clean.facts(_of_customer(ticket)), []))
    if messages:
        said = [(clean(_head(m)), clean(_words(m))) for m in messages]
        parts.append((_("Conversation, the oldest message first"), [], said))
    files = list(_files(messages)) if sharing.files else []
    return Shared(
        html="".join(_html(*part) for part in parts),
        text="\n\n".join(_text(*part) for part in parts),
        files=files,
        names=[clean(file.name) for file in files],
    )


class _Cleaning:
    """Takes personal data out, when that is wanted."""

    def __init__(self, ticket: Ticket, messages: Iterable[Message], *, on: bool) -> None:
        self._on = on
        self._names: list[str] = []
        if on:
            said = [m.sender_name for m in messages if m.direction == Message.Direction.IN]
            known = Identity.objects.filter(contact=ticket.requester_id) if ticket.requester_id else ()
            self._names = [ticket.requester.name if ticket.requester else "", *said]
            self._names += [identity.value for identity in known]
        self._mark = _("[redacted]")

    def __call__(self, text: str) -> str:
        return redact(text, self._names, self._mark) if self._on else text

    def facts(self, found: Iterable[Fact]) -> list[Fact]:
        return [(label, self(value)) for label, value in found if value]


def _messages(ticket: Ticket, count: int) -> list[Message]:
    """What the customer knows anyway: no note, nothing of another side thread."""
    said = ticket.messages.without_side().filter(withdrawn_at=None)
    said = said.exclude(visibility=Message.Visibility.INTERNAL).exclude(direction=Message.Direction.NOTE)
    found = list(said.select_related("agent").defer("html").order_by("-created_at", "-id")[:count])
    return found[::-1]


def _files(messages: Iterable[Message]) -> Iterator[Attachment]:
    numbers = [message.pk for message in messages if message.has_files]
    yield from Attachment.objects.filter(message__in=numbers).order_by("message_id", "id")


def _of_ticket(ticket: Ticket) -> Iterator[Fact]:
    """What a customer's copy tells of it; tags, team, summary and the like stay inside."""
    yield _("Number"), f"#{ticket.pk}"
    yield _("Subject"), ticket.subject
    yield _("Created"), _moment(ticket.created_at)
    yield _("Status"), ticket.status.label
    for label, row in ((_("Category"), ticket.category), (_("Urgency"), ticket.urgency)):
        yield label, row.label if row else ""
    yield _("Service"), service_path(ticket.service_id)
    for value in attributes_of(ticket, "customer"):
        if value.is_asked and value.text != ticket.subject:
            yield value.attribute.label, value.text


def _of_customer(ticket: Ticket) -> Iterator[Fact]:
    """Name, addresses and organisation; what colleagues noted about them stays inside."""
    who = ticket.requester
    if who is None:
        return
    yield _("Name"), who.name
    yield _("Organisation"), str(ticket.organisation or "")
    kinds = {"email": _("E-mail"), "phone": _("Phone")}
    for identity in who.identities.filter(kind__in=kinds).order_by("-is_primary", "id"):
        yield kinds[identity.kind], identity.value


def _head(message: Message) -> str:
    who = message.agent.name if message.agent else message.sender_name or message.sender_address or "?"
    return f"{who}, {_moment(message.sent_at or message.created_at)}"


def _words(message: Message) -> str:
    words = (message.reply_text or message.text).strip()
    return words if len(words) <= LONGEST else words[:LONGEST] + " […]"


def _moment(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{date_format(here, 'SHORT_DATETIME_FORMAT')} {here:%Z}"


def _html(title: str, facts: list[Fact], said: list[tuple[str, str]]) -> str:
    """Only escaped text stands in it: nothing of what customers sent as HTML goes on."""
    rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in facts)
    words = "".join(
        f"<p><strong>{escape(head)}</strong></p><blockquote>{_lines(text)}</blockquote>"
        for head, text in said
    )
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return f"<hr><h3>{escape(title)}</h3>{table}{words}"


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _text(title: str, facts: list[Fact], said: list[tuple[str, str]]) -> str:
    lines = [f"=== {title} ===", *(f"{label}: {value}" for label, value in facts)]
    for head, text in said:
        lines += ["", f"{head}:", *(f"> {line}".rstrip() for line in text.splitlines())]
    return "\n".join(lines)
