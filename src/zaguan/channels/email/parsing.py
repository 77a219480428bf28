"""From the bytes of a mail to an Incoming message; whatever the bytes are, the answer is a message."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from zaguan.channels.email import notes
from zaguan.channels.email.addresses import email_of, nameless, parse_addresses
from zaguan.channels.email.attachments import Files, read_files, without_data_images
from zaguan.channels.email.bodies import Reading, read_body
from zaguan.channels.email.bounces import read_bounces
from zaguan.channels.email.forwards import original_sender
from zaguan.channels.email.headers import Headers, message_ids, moment, one_message_id
from zaguan.channels.email.languages import language_of
from zaguan.channels.email.limits import DEFAULT, Limits
from zaguan.channels.email.machines import is_system, mark
from zaguan.channels.email.mime import Tree, read_tree, split_mail
from zaguan.conversations.incoming import Address, Incoming, IncomingFile
from zaguan.lib.html import Cleaned, clean
from zaguan.lib.html.cleaning import cid_key
from zaguan.lib.quotes import split

logger = logging.getLogger(__name__)


_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to",
             "x-rcpt-to", "x-original-recipient", "x-resolved-to", "x-gm-original-to", "apparently-to")  # fmt: skip
_RECEIVED_FOR = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?", re.IGNORECASE)
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SUBJECT_LENGTH = 1_000


def parse(
    raw: bytes,
    *,
    limits: Limits = DEFAULT,
    instance: str = "",
    spam_headers: Mapping[str, str] | None = None,
) -> Incoming:
    """Read a mail. Never raises: what cannot be read is left out and told in `warnings`.

    `instance` is this installation's loop mark; `spam_headers` maps a header that a configured filter writes to
    the pattern by which its value says spam.
    """
    headers = Headers()
    try:
        headers, body = split_mail(raw[: limits.header_block * 2] if len(raw) > limits.size else raw, limits)
        message = _Mail(headers, limits, instance, spam_headers or {})
        if len(raw) > limits.size:
            return message.by_headers(notes.TOO_BIG)
        return message.whole(body)
    except Exception:
        logger.exception("A mail could not be read; it is shown by its headers")
        return _rescued(headers, limits, instance, spam_headers or {})


def _rescued(headers: Headers, limits: Limits, instance: str, spam_headers: Mapping[str, str]) -> Incoming:
    try:
        return _Mail(headers, limits, instance, spam_headers).by_headers(notes.UNREADABLE)
    except Exception:
        logger.exception("Nor could its headers")
        return Incoming(sender=Address(""), warnings=(notes.UNREADABLE,))


@dataclass(slots=True)
class _Mail:
    """One mail while it is read."""

    headers: Headers
    limits: Limits
    instance: str
    spam_headers: Mapping[str, str]

    def by_headers(
        self, *warnings: str, content_type: str = "", params: Mapping[str, str] | None = None
    ) -> Incoming:
        """The message without its body."""
        headers = self.headers
        most = self.limits.recipients
        senders = parse_addresses(headers.first("from"), 20)
        sender = self._sender(senders)
        to = tuple(each for value in headers.all("to")[:50] for each in parse_addresses(value, most + 1))
        cc = tuple(each for value in headers.all("cc")[:50] for each in parse_addresses(value, most + 1))
        noted = list(warnings)
        noted += [notes.TOO_MANY_HEADERS] * headers.too_many + [notes.TOO_MANY_RECIPIENTS] * (
            len(to) > most or len(cc) > most
        )
        noted += _about_sender(sender, senders)
        subject = headers.text("subject")[:_SUBJECT_LENGTH]
        machine = mark(
            headers, sender, subject, content_type, params or {},
            instance=self.instance, spam_headers=self.spam_headers,
        )  # fmt: skip
        return Incoming(
            sender=sender,
            subject=subject,
            external_id=one_message_id(headers.first("message-id", "message-id:", "x-message-id")),
            in_reply_to=message_ids(headers.first("in-reply-to"), self.limits.references),
            references=message_ids(" ".join(headers.all("references")[:20]), self.limits.references),
            reply_to=tuple(
                each for value in headers.all("reply-to")[:10] for each in parse_addresses(value, 20)
            ),
            to=to[:most],
            cc=cc[:most],
            delivered_to=self._delivered_to(),
            sent_at=moment(headers.first("date")) or moment(headers.first("resent-date")),
            machine=machine,
            warnings=tuple(noted),
        )

    def whole(self, body: bytes) -> Incoming:
        """The message with its body and files."""
        tree = read_tree(self.headers, body, self.limits)
        root = tree.root
        head = self.by_headers(content_type=root.content_type, params=root.params)
        reading = read_body(tree)
        files = read_files(reading, self.limits)
        text, html, cleaned = _texts(reading, files, self.limits)
        split_text = split(text)
        reply_text = split_text.reply_text
        if cleaned.folded and not split_text.has_folded:
            reply_text = cleaned.reply_text
        notice = head.machine.notice or head.machine.auto_reply
        bounces = read_bounces(
            self.headers, tree, text, self.limits, notice=notice and not _only_absent(head)
        )
        machine = replace(head.machine, notice=True) if bounces and not head.machine.notice else head.machine
        return replace(
            head,
            text=text,
            reply_text=reply_text,
            html=html,
            has_remote_content=cleaned.has_remote_content,
            files=_marked_inline(files.found, cleaned),
            machine=machine,
            bounces=bounces,
            warnings=(*head.warnings, *self._warnings(tree, reading, files, cleaned)),
            forwarded_from=original_sender(text, head.subject) if not bounces else None,
            language=language_of(self.headers.first("content-language"), reply_text or text),
        )

    def _sender(self, senders: tuple[Address, ...]) -> Address:
        named = next((each for each in senders if each.email), None)
        if named:
            return named
        for field in ("sender", "reply-to", "resent-from", "return-path", "x-envelope-from", "x-sender"):
            for each in parse_addresses(self.headers.first(field), 5):
                if each.email:
                    return each if not senders else Address(each.email, senders[0].name or each.name)
        return senders[0] if senders else nameless(self.headers.first("from")[:1_000])

    def _delivered_to(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in _ENVELOPE:
            for value in self.headers.all(name)[:20]:
                found.update((each.email, None) for each in parse_addresses(value, 20) if each.email)
        for value in self.headers.all("received")[:5]:
            match = _RECEIVED_FOR.search(value)
            if match and (email := email_of(match[1])):
                found[email] = None
        return tuple(found)

    def _warnings(self, tree: Tree, reading: Reading, files: Files, cleaned: Cleaned) -> list[str]:
        opaque = any(part.content_type in _OPAQUE for part in reading.files)
        told = (
            (tree.too_many or tree.too_deep, notes.TOO_MANY_PARTS),
            (files.left_out > 0, notes.TOO_MANY_FILES),
            (reading.wrong_charset, notes.WRONG_CHARSET),
            (reading.encrypted or opaque, notes.ENCRYPTED),
            (files.damaged_winmail, notes.DAMAGED_WINMAIL),
            (cleaned.truncated, notes.TOO_COMPLEX),
            (any(segment.cut for segment in reading.segments), notes.TOO_LONG),
        )
        return [sentence for said, sentence in told if said]


def _texts(reading: Reading, files: Files, limits: Limits) -> tuple[str, str, Cleaned]:
    """The plain text, the cleaned HTML, and what cleaning found."""
    source = reading.html()
    if not source:
        return reading.text() or "", "", Cleaned("")
    source = without_data_images(source, files)
    cids: dict[str, str] = {}
    for file in files.found:
        if file.content_id:
            cids.setdefault(cid_key(file.content_id), file.content_id)
    cleaned = clean(source, budget=limits.html, cids=cids)
    text = reading.text() or cleaned.text
    if not cleaned.text and not cleaned.cids and not cleaned.has_remote_content:
        return text, "", Cleaned("")
    return text, cleaned.html, cleaned


def _marked_inline(files: list[IncomingFile], cleaned: Cleaned) -> tuple[IncomingFile, ...]:
    """A file is inline only if the cleaned HTML really shows it; of several with one Content-ID the first (R08)."""
    left = set(cleaned.cids)
    marked = []
    for file in files:
        if file.content_id and file.content_id in left:
            left.discard(file.content_id)
            file = replace(file, inline=True)
        marked.append(file)
    return tuple(marked)


def _about_sender(sender: Address, senders: tuple[Address, ...]) -> list[str]:
    noted = []
    if not sender.email:
        noted.append(notes.NO_SENDER)
    elif "@" in sender.name and (shown := email_of(sender.name.split()[-1])) and shown != sender.email:
        noted.append(notes.OTHER_ADDRESS_IN_NAME)
    if len({each.email for each in senders if each.email}) > 1:
        noted.append(notes.SEVERAL_SENDERS)
    return noted


def _only_absent(head: Incoming) -> bool:
    """An out-of-office answer is no delivery notice, whatever addresses it names."""
    return (
        not head.machine.notice
        and not is_system(head.sender)
        and any(mark.startswith(("Subject:", "Auto-Submitted: auto-replied")) for mark in head.machine.marks)
    )
