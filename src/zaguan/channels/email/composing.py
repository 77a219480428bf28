"""A stored message as the mail that leaves: the same bytes each time it is composed (R03, E1, E3, E8)."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.quoting import Quote, quoted
from zaguan.channels.email.writing import (
    Part,
    file_part,
    ids_field,
    multipart,
    needs_utf8,
    people_field,
    text_field,
    text_part,
)
from zaguan.conversations.addressing import Person, people_of
from zaguan.conversations.attachments import read_stored
from zaguan.conversations.models import SIDE, Attachment, Inbox, Message
from zaguan.conversations.side_gate import may_leave_beside
from zaguan.conversations.signing import instance_id, reply_address
from zaguan.lib.html import text_of
from zaguan.tickets.categories import ANSWERED

# The chain in References: the first ones, and the newest.
_CHAIN = 20
_INLINE_LIMIT = 15 * 1024 * 1024
_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    '</head><body dir="auto">{body}</body></html>'
)


def compose(message: Message, *, utf8: bool = False) -> bytes:
    """The mail. `utf8`: the server takes addresses beyond ASCII; otherwise the headers leave them out.

    Raises DeliveryError for anything that must not leave, whoever queued it (R14), and for a lost file.
    """
    refuse_internal(message)
    inbox = inbox_of(message)
    body = _body(message)
    lines = [*_headers(message, inbox, utf8=utf8), "MIME-Version: 1.0", *body.headers]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body.body


def refuse_internal(message: Message) -> None:
    """The last gate: only an outgoing message to a customer, or to who was asked, not taken back, of an open-to-outside ticket."""
    outgoing = message.direction == Message.Direction.OUT
    shown = message.visibility in (Message.Visibility.PRIVATE, Message.Visibility.PUBLIC)
    if message.channel == SIDE or (message.thread is not None and message.thread.channel == SIDE):
        # Written for those who were asked, and only them: to the customer it is internal.
        shown = may_leave_beside(message)
    inside = message.ticket.is_internal or message.ticket.kind not in ANSWERED
    if not outgoing or not shown or message.withdrawn_at is not None or inside:
        raise DeliveryError(_("This message is not for anybody outside."), permanent=True, code="internal")


def inbox_of(message: Message) -> Inbox:
    """The inbox that a message leaves through."""
    inbox = message.thread.inbox if message.thread else None
    if inbox is None or not inbox.address:
        raise DeliveryError(
            _("The account that this message was to be sent from is gone."), permanent=True, code="no-inbox"
        )
    return inbox


def _headers(message: Message, inbox: Inbox, *, utf8: bool) -> list[str]:
    thread = message.thread
    assert thread is not None
    lines = [
        people_field("From", [(inbox.address, message.sender_name)]),
        *_people("To", message.to, utf8),
        *_people("Cc", message.cc, utf8),
        text_field("Subject", message.subject),
        "Date: " + format_datetime(message.created_at.astimezone(ZoneInfo(settings.TIME_ZONE))),
        ids_field("Message-ID", [message.external_id]),
    ]
    back = reply_address(thread, inbox)
    if back != inbox.address:
        lines.append(people_field("Reply-To", [(back, message.sender_name)]))
    before = ancestors(message)
    if before:
        lines += [ids_field("In-Reply-To", [before[-1]]), ids_field("References", before)]
    lines.append(f"X-Zaguan-Instance: {instance_id()}")
    return lines + (_automatic(message) if message.is_automatic else [])


def _people(name: str, pairs: list[list[str]], utf8: bool) -> list[str]:
    people: list[Person] = [person for person in people_of(pairs) if utf8 or not needs_utf8(person[0])]
    if people:
        return [people_field(name, people)]
    return ["To: undisclosed-recipients:;"] if name == "To" else []


def _automatic(message: Message) -> list[str]:
    """What tells other machines not to answer (R04); mail that a person wrote has none of it."""
    kind = "auto-replied" if message.answers_id else "auto-generated"
    return [f"Auto-Submitted: {kind}", "X-Auto-Response-Suppress: All", "Precedence: bulk"]


def ancestors(message: Message) -> list[str]:
    """The Message-IDs before this one in its thread, oldest first, the one it answers last."""
    known = Message.objects.filter(ticket=message.ticket_id, pk__lt=message.pk, withdrawn_at=None)
    known = known.filter(thread=message.thread_id).exclude(external_id="")
    if message.channel != SIDE:
        known = known.exclude(visibility=Message.Visibility.INTERNAL)
    ids = list(dict.fromkeys(known.order_by("id").values_list("external_id", flat=True)))
    answered = message.answers
    if answered is not None and answered.external_id and answered.thread_id == message.thread_id:
        ids = [each for each in ids if each != answered.external_id] + [answered.external_id]
    return ids if len(ids) <= _CHAIN else [*ids[:2], *ids[2 - _CHAIN :]]


def _body(message: Message) -> Part:
    quote = quoted(message, str(message.details.get("language") or ""))
    signature = str(message.details.get("signature") or "")
    files = list(message.attachments.order_by("id"))
    shown = [_shown(file, file.content_id) for file in files if file.is_inline and file.content_id]
    shown += [_shown(file, f"{file.public_id}@zaguan") for file in _that_fit(quote.files)]
    seed = message.external_id
    text = text_part("plain", _text(message, signature, quote))
    html = text_part("html", _PAGE.format(body=_html(message, signature, quote)))
    both = multipart("alternative", [text, multipart("related", [html, *shown], seed)], seed)
    attached = [file for file in files if not (file.is_inline and file.content_id)]
    return multipart("mixed", [both, *(_attached(file) for file in attached)], seed)


def _text(message: Message, signature: str, quote: Quote) -> str:
    pieces = [message.text]
    if signature:
        pieces.append("-- \n" + text_of(signature))
    if quote.text:
        pieces.append(quote.text)
    return "\n\n".join(piece for piece in pieces if piece)


def _html(message: Message, signature: str, quote: Quote) -> str:
    pieces = [f"<div>{message.html}</div>"]
    if signature:
        pieces.append(f'<br><div class="gmail_signature">{signature}</div>')
    if quote.html:
        pieces.append(f"<br>{quote.html}")
    return "".join(pieces)


def _that_fit(files: Iterable[Attachment]) -> list[Attachment]:
    """Quoted images travel again as long as they are not the larger part of the mail."""
    kept, size = [], 0
    for file in files:
        size += file.size
        if size <= _INLINE_LIMIT:
            kept.append(file)
    return kept


def _shown(file: Attachment, content_id: str) -> Part:
    return file_part(file.name, file.content_type, _content(file), content_id=content_id)


def _attached(file: Attachment) -> Part:
    return file_part(file.name, file.content_type, _content(file))


def _content(file: Attachment) -> bytes:
    try:
        return read_stored(file)
    except FileNotFoundError as problem:
        raise DeliveryError(
            _("The file %(name)s is missing.") % {"name": file.name}, permanent=True, code="file"
        ) from problem
