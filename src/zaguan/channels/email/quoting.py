"""The history below an answer: the last message, once, marked as a quote so that mail programs fold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser

from zaguan.conversations.models import Attachment, Message
from zaguan.lib.errors import Refused
from zaguan.lib.html import clean_outgoing, html_of_text

_CID = re.compile(r'src="cid:([^"]*)"')
_STYLE = "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"
# A longer message is quoted by its beginning; the whole stands in the ticket and in the customer's mailbox.
_LONGEST = 100_000


@dataclass(frozen=True)
class Quote:
    """The quoted message as HTML and text, with the inline files it shows."""

    html: str = ""
    text: str = ""
    files: tuple[Attachment, ...] = ()


def quoted(message: Message, language: str) -> Quote:
    """What `message` answers or forwards. Internal words are never quoted, whoever asks (R14, bug 17)."""
    source = message.answers
    if source is None or not may_be_quoted(source, message):
        return Quote()
    forwarding = message.details.get("mode") == "forward"
    with translation.override(language or settings.LANGUAGE_CODE):
        head = _forward_head(source) if forwarding else [_attribution(source)]
    text = source.text if forwarding else source.reply_text or source.text
    html, files = _html(source, whole=forwarding)
    lines = "<br>".join(escape(line, quote=False) for line in head)
    if forwarding:
        block = f'<div class="gmail_quote"><div>{lines}</div><br>{html}</div>'
        return Quote(block, "\n".join([*head, "", text[:_LONGEST]]), files)
    block = (
        f'<div class="gmail_quote"><div class="gmail_attr">{lines}</div>'
        f'<blockquote class="gmail_quote" style="{_STYLE}">{html}</blockquote></div>'
    )
    marked = "\n".join(f"> {line}".rstrip() for line in text[:_LONGEST].splitlines())
    return Quote(block, "\n".join([*head, "", marked]), files)


def may_be_quoted(source: Message, message: Message) -> bool:
    """Only what was said to or by the customer, in the same ticket, and not taken back."""
    return (
        source.ticket_id == message.ticket_id
        and source.visibility in (Message.Visibility.PRIVATE, Message.Visibility.PUBLIC)
        and source.direction != Message.Direction.NOTE
        and source.withdrawn_at is None
    )


def _attribution(source: Message) -> str:
    return _("On %(date)s, %(name)s wrote:") % {"date": _date(source), "name": _author(source)}


def _forward_head(source: Message) -> list[str]:
    sender = (
        f"{source.sender_name} <{source.sender_address}>" if source.sender_name else source.sender_address
    )
    to = ", ".join(f"{pair[1]} <{pair[0]}>" if len(pair) > 1 and pair[1] else pair[0] for pair in source.to)
    return [
        "---------- " + _("Forwarded message") + " ----------",
        _("From: %(sender)s") % {"sender": sender},
        _("Date: %(date)s") % {"date": _date(source)},
        _("Subject: %(subject)s") % {"subject": source.subject},
        _("To: %(people)s") % {"people": to},
    ]


def _date(source: Message) -> str:
    moment = (source.sent_at or source.created_at).astimezone(ZoneInfo(settings.TIME_ZONE))
    return date_format(moment, "DATETIME_FORMAT")


def _author(source: Message) -> str:
    return source.sender_name or source.sender_address or (source.contact.name if source.contact else "")


def _html(source: Message, *, whole: bool) -> tuple[str, tuple[Attachment, ...]]:
    """Cleaned as if an agent had written it: no remote images, no styles of the sender; older history left out."""
    text = source.text if whole else source.reply_text or source.text
    if not source.html or len(source.html) > 4 * _LONGEST:
        return clean_outgoing(html_of_text(text[:_LONGEST]).replace("\n", "<br>")), ()
    try:
        html = clean_outgoing(_unfolded(source.html, keep=whole))
    except Refused:
        return clean_outgoing(html_of_text(text[:_LONGEST]).replace("\n", "<br>")), ()
    return _with_files(html, source)


def _unfolded(html: str, *, keep: bool) -> str:
    tree = LexborHTMLParser(html)
    for summary in tree.css("details.zg-quote > summary"):
        summary.decompose()
    if not keep:
        for folded in tree.css("details.zg-quote"):
            folded.decompose()
    return (tree.body.inner_html if tree.body else "") or ""


def _with_files(html: str, source: Message) -> tuple[str, tuple[Attachment, ...]]:
    """Inline images keep their place under a Content-ID that cannot meet another message's (E3)."""
    files = {file.content_id: file for file in source.attachments.exclude(content_id="")}
    used: dict[str, Attachment] = {}

    def renamed(match: re.Match[str]) -> str:
        file = files.get(match[1])
        if file is None:
            return ""
        used[file.public_id] = file
        return f'src="cid:{file.public_id}@zaguan"'

    return _CID.sub(renamed, html), tuple(used.values())
