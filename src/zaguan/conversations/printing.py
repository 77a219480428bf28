"""A ticket as a PDF (A3.9): the customer's copy, without a word that is internal, or the full copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zaguan.conversations.attachments import read_stored, store
from zaguan.conversations.events import TicketPrinted
from zaguan.conversations.models import Attachment, Message
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.pdf import PdfError, render
from zaguan.people.models import Agent
from zaguan.tickets.attributes import attributes_of
from zaguan.tickets.candidates import service_path
from zaguan.tickets.history import feed
from zaguan.tickets.models import Ticket

Copy = Literal["customer", "full"]
# Facts of apps above for the head of a copy: label and value.
MoreFacts = Callable[[Ticket, Copy], Iterable[tuple[str, str]]]
_more_facts: list[MoreFacts] = []
TEMPLATE = Path(__file__).with_name("ticket.typ")
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
# Beyond these, pictures are only named: the document is for reading, the files stay in the desk.
MOST_PICTURES, LARGEST_PICTURE = 40, 8_000_000
MOST_MESSAGES, MOST_CHANGES = 2000, 500


@dataclass
class Printout:
    """What the template gets: data and pictures by name."""

    data: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


def facts(function: MoreFacts) -> MoreFacts:
    """Let an app above say something in the head of printed tickets."""
    _more_facts.append(function)
    return function


def print_ticket(ticket: Ticket, *, by: Agent, copy: Copy, language: str = "") -> bytes:
    """The PDF, in `language` or the reader's own; that it was made is recorded.

    Raises Refused for a customer's copy of what customers never see, and when it cannot be drawn.
    """
    made = draw(ticket, viewer=by, copy=copy, language=language)
    with transaction.atomic():
        record(TicketPrinted(ticket_id=ticket.pk, copy=copy), by=by)
    return made


def print_to_send(ticket: Ticket, *, by: Agent, copy: Copy = "customer", language: str = "") -> Attachment:
    """The PDF as an upload of the agent's, ready to go with a message; a full copy says in its name what it is.

    Raises Refused as `print_ticket` does.
    """
    made = print_ticket(ticket, by=by, copy=copy, language=language)
    words = _("ticket-%(number)s.pdf") if copy == "customer" else _("ticket-%(number)s-INTERNAL.pdf")
    return store(made, words % {"number": ticket.pk}, "application/pdf", by=by)


def draw(ticket: Ticket, *, viewer: Agent, copy: Copy, language: str = "") -> bytes:
    """The PDF alone; whoever gives it away records that."""
    made = contents(ticket, viewer=viewer, copy=copy, language=language)
    try:
        return render(TEMPLATE.read_text(), made.data, made.pictures)
    except PdfError as problem:
        raise Refused(_("The PDF could not be drawn: %(why)s") % {"why": problem}) from problem


def has_customer_copy(ticket: Ticket) -> bool:
    """Whether customers may ever see something of it."""
    return not ticket.is_internal and ticket.kind not in ("tracker", "back_office")


def contents(ticket: Ticket, *, viewer: Agent, copy: Copy, language: str = "") -> Printout:
    """What stands in the document."""
    if copy == "customer" and not has_customer_copy(ticket):
        raise Refused(_("This ticket is internal: there is no copy of it for the customer."), field="copy")
    requester = ticket.requester if copy == "customer" else None
    chosen = language or (requester.language if requester else "") or viewer.language
    zone = (
        (requester.time_zone if requester else "") or viewer.time_zone or timezone.get_default_timezone_name()
    )
    with translation.override(chosen), timezone.override(zone):
        made = Printout()
        made.data = {
            "language": chosen.split("-")[0],
            "title": f"#{ticket.pk} {ticket.subject}",
            "copy": _("Copy for the customer")
            if copy == "customer"
            else _("Full copy, for internal use only"),
            "footer": _("Ticket %(number)s, printed on %(when)s")
            % {"number": ticket.pk, "when": _moment(timezone.now())},
            "facts": [[label, value] for label, value in _facts(ticket, copy) if value],
            "messages": list(_messages(ticket, viewer, copy, made)),
            "nothing": _("Nothing was written yet."),
            "internal": _("Internal note"),
            "changes_title": _("Changes"),
            "changes": _changes(ticket, viewer) if copy == "full" else [],
        }
    return made


def _moment(at: datetime | None) -> str:
    return (
        f"{date_format(timezone.localtime(at), 'SHORT_DATETIME_FORMAT')} {timezone.localtime(at):%Z}"
        if at
        else ""
    )


def _facts(ticket: Ticket, copy: Copy) -> Iterator[tuple[str, str]]:
    who = ticket.requester
    yield _("Status"), ticket.status.label
    yield _("Created"), _moment(ticket.created_at)
    yield _("Requester"), who.name if who else ""
    yield _("Last update"), _moment(ticket.updated_at)
    yield _("Organisation"), str(ticket.organisation or "")
    yield _("Resolved"), _moment(ticket.resolved_at)
    for label, row in ((_("Category"), ticket.category), (_("Urgency"), ticket.urgency)):
        yield label, row.label if row else ""
    yield _("Service"), service_path(ticket.service_id)
    if copy == "full":
        yield _("Team"), str(ticket.team or "")
        yield _("Assignee"), str(ticket.assignee or "")
        yield _("Tags"), ", ".join(tag.name for tag in ticket.tags.all())
        yield _("Summary"), ticket.summary
    for value in attributes_of(ticket, "customer" if copy == "customer" else "agent"):
        if value.is_asked and value.text != ticket.subject:
            yield value.attribute.label, value.text
    for more in _more_facts:
        yield from more(ticket, copy)


def _messages(ticket: Ticket, viewer: Agent, copy: Copy, made: Printout) -> Iterator[dict[str, Any]]:
    rows = Message.objects.visible_to(viewer).filter(ticket=ticket)
    if copy == "customer":
        rows = rows.exclude(visibility=Message.Visibility.INTERNAL)
    kept = list(rows.order_by("-created_at", "-id").select_related("agent")[:MOST_MESSAGES])
    for message in reversed(kept):
        files = list(message.attachments.all()) if message.has_files else []
        pictures, named = _files(files, made)
        yield {
            "who": _who(message),
            "to": _recipients(message) if copy == "full" else "",
            "at": _moment(message.sent_at or message.created_at),
            "text": message.reply_text or message.text,
            "internal": message.visibility == Message.Visibility.INTERNAL,
            "pictures": pictures,
            "files": named,
        }


def _who(message: Message) -> str:
    return message.agent.name if message.agent else message.sender_name or message.sender_address or "?"


def _recipients(message: Message) -> str:
    return ", ".join(
        name or address for address, name in (tuple(pair) for pair in [*message.to, *message.cc])
    )


def _files(files: list[Attachment], made: Printout) -> tuple[list[str], list[str]]:
    """The names of pictures to draw, and lines for all other files."""
    pictures, lines = [], []
    for file in files:
        drawable = file.content_type in PICTURES and file.size <= LARGEST_PICTURE
        if drawable and len(made.pictures) < MOST_PICTURES:
            name = f"p{len(made.pictures)}"
            made.pictures[name] = read_stored(file)
            pictures.append(name)
        if not (drawable and file.is_inline):
            lines.append(f"{file.name} ({filesizeformat(file.size)})")
    return pictures, lines


def _changes(ticket: Ticket, viewer: Agent) -> list[list[str]]:
    part = feed(ticket, viewer=viewer, size=MOST_CHANGES)
    return [[_moment(entry.at), entry.sentence] for entry in reversed(part.entries)]
