"""A mail on its way in: the bytes are committed first, then read and placed; whatever fails is listed, nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.email.addresses import parse_addresses
from zaguan.channels.email.authentication import passes_dmarc
from zaguan.channels.email.headers import Headers
from zaguan.channels.email.limits import DEFAULT
from zaguan.channels.email.mime import split_mail
from zaguan.channels.email.reading_apart import NotRead, read_mail
from zaguan.conversations.events import MailFailed
from zaguan.conversations.incoming import Incoming
from zaguan.conversations.models import Inbox, Message, RawMessage
from zaguan.conversations.own_addresses import inbox_at
from zaguan.conversations.raw import raw_bytes, store_raw
from zaguan.conversations.receiving import DUPLICATE, FAILED, HELD, Outcome, Taken, receive
from zaguan.conversations.signing import instance_id
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.statements import Rows
from zaguan.people.models import Team
from zaguan.tickets.models import Ticket

log = logging.getLogger(__name__)

# A passing fault of the database is tried again this often before a person has to look.
_TRIES = 5
# Where the recipient stands when there is no envelope; the first that is ours decides.
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "resent-to")
# Mails that threads of this process are about to process.
in_hand: set[int] = set()
# A mail stored this long ago and not processed was left behind by a process that died.
_LEFT_BEHIND = timedelta(seconds=5)


def receive_bytes(
    content: bytes, *, inbox_address: str = "", source: str = "pipe", envelope: dict[str, Any] | None = None
) -> Outcome:
    """Take in one mail: store it, commit, then process it. Raises only while it is not stored."""
    raw, new = keep(content, inbox_address=inbox_address, source=source, envelope=envelope)
    if not new and raw.state != RawMessage.State.RECEIVED:
        return seen_before(raw)
    return process(raw.pk)


def keep(
    content: bytes, *, inbox_address: str = "", source: str = "pipe", envelope: dict[str, Any] | None = None
) -> tuple[RawMessage, bool]:
    """Store one mail for the inbox that it is for, and commit; a mail for nobody is kept as well, and listed."""
    inbox = inbox_for(content, inbox_address, envelope or {})
    if len(content) > settings.MAIL_SIZE_LIMIT:
        content, envelope = header_only(content), {**(envelope or {}), "cut_from": len(content)}
    with transaction.atomic():
        return store_raw(content, inbox=inbox, source=source, envelope=envelope)


def header_only(content: bytes) -> bytes:
    """The header block of a mail that is too large to keep (R10)."""
    block = content[: DEFAULT.header_block]
    ends = [place for place in (block.find(b"\r\n\r\n"), block.find(b"\n\n")) if place > 0]
    return block[: min(ends)] + b"\r\n\r\n" if ends else block


def inbox_for(content: bytes, inbox_address: str, envelope: dict[str, Any]) -> Inbox | None:
    """The inbox in use for this mail: as told, by the envelope, by its headers, or the only one there is."""
    named = [inbox_address] if inbox_address else [str(each) for each in envelope.get("to") or ()]
    found = inbox_at(named) if named else None
    if found is not None or inbox_address:
        return found
    found = inbox_at(_header_recipients(content))
    if found is not None:
        return found
    inboxes = list(Inbox.objects.filter(kind="email", is_active=True)[:2])
    return inboxes[0] if len(inboxes) == 1 else None


def _header_recipients(content: bytes) -> Iterable[str]:
    headers, _body = split_mail(content[: DEFAULT.header_block], DEFAULT)
    return [
        address.email
        for name in _RECIPIENTS
        for value in headers.all(name)
        for address in parse_addresses(value)
    ]


def process(raw_id: int, *, released: bool = False, known: RawMessage | None = None) -> Outcome:
    """Read and place a stored mail, in one transaction. Never raises: what fails is written on the raw mail.

    `known`: the row as it was stored a moment ago, which need not be read again.
    """
    for left in (2, 1, 0):
        raw = known if known is not None and left == 2 else load(raw_id)
        if left < 2 and raw.state == RawMessage.State.PROCESSED:
            # The connection was lost when all was committed already.
            return seen_before(raw)
        try:
            return _process(raw, released=released)
        except (OperationalError, InterfaceError, IntegrityError) as error:
            # Two that lock one another or make the same row, or a lost connection: at once again, then later.
            if not left:
                return _fail(raw, error) if isinstance(error, IntegrityError) else _try_later(raw, error)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        except Exception as error:  # noqa: BLE001 (one bad mail never stops the next; a person sees it in the list)
            return _fail(raw, error)
    raise AssertionError("The last try returns.")


_raw = Rows(lambda pk: RawMessage.objects.filter(pk=pk), int)
_inbox = Rows(lambda pk: Inbox.objects.filter(pk=pk), int)
_team = Rows(lambda pk: Team.objects.filter(pk=pk), int)


def load(raw_id: int) -> RawMessage:
    """A stored mail with its inbox."""
    raw: RawMessage | None = _raw.first(raw_id)
    if raw is None:
        raise RawMessage.DoesNotExist(raw_id)
    if raw.inbox_id is not None:
        raw.inbox = _inbox.first(raw.inbox_id)
    return raw


@dataclass(slots=True)
class Read:
    """A stored mail that has been read, and is not placed yet. Without `incoming` it is for none of our inboxes."""

    raw: RawMessage
    incoming: Incoming | None = None
    authenticated: bool = False


def read(raw: RawMessage) -> Read:
    """What takes long and needs no lock."""
    inbox = raw.inbox
    if inbox is None:
        return Read(raw)
    if inbox.team_id is not None:
        inbox.team = _team.first(inbox.team_id)
    content = raw_bytes(raw)
    incoming = _read(raw, inbox, content)
    return Read(raw, incoming, _authenticated(raw, inbox, content, incoming))


def place(mail: Read, *, released: bool = False) -> Outcome:
    """What writes. Raises Taken when somebody else has placed it meanwhile."""
    if mail.incoming is None or mail.raw.inbox is None:
        return _hold(mail.raw, _("None of our inboxes has an address that this mail is for."))
    return receive(
        mail.incoming, mail.raw.inbox, raw=mail.raw, released=released, authenticated=mail.authenticated
    )


def _process(raw: RawMessage, *, released: bool) -> Outcome:
    try:
        return place(read(raw), released=released)
    except Taken:
        return seen_before(raw)


def _read(raw: RawMessage, inbox: Inbox, content: bytes) -> Incoming:
    spam_headers = inbox.settings.get("spam_headers") or {}
    incoming = read_mail(content, instance=instance_id(), spam_headers=spam_headers)
    recipients = [str(each).strip().lower() for each in raw.envelope.get("to") or ()]
    warnings = incoming.warnings
    if raw.envelope.get("cut_from"):
        size = int(raw.envelope["cut_from"]) // (1024 * 1024)
        warnings = (*warnings, _("The mail had %(size)d MB; only its header was kept.") % {"size": size})
    if recipients or warnings is not incoming.warnings:
        return replace(incoming, delivered_to=(*incoming.delivered_to, *recipients), warnings=warnings)
    return incoming


_BY_OWN_SERVER = ("imap", "lmtp", "pipe")


def _authenticated(raw: RawMessage, inbox: Inbox, content: bytes, incoming: Incoming) -> bool:
    own_mx = str(inbox.settings.get("own_mx") or "")
    # Only a mail that came by our own mail server can carry its word; anybody may hand one to the open receiver.
    if not own_mx or raw.source not in _BY_OWN_SERVER:
        return False
    headers: Headers = split_mail(content[: DEFAULT.header_block], DEFAULT)[0]
    return passes_dmarc(headers, own_mx, incoming.sender.email)


def seen_before(raw: RawMessage) -> Outcome:
    """The outcome for a mail that is here already."""
    raw = RawMessage.objects.defer("content").get(pk=raw.pk)
    ticket = Ticket.objects.filter(pk=raw.ticket_id).first() if raw.ticket_id else None
    message = Message.objects.filter(raw=raw).first()
    if raw.state == RawMessage.State.PROCESSED:
        return Outcome(DUPLICATE, ticket, message, _("This mail has arrived before."))
    return Outcome(HELD if raw.state == RawMessage.State.HELD else FAILED, ticket, message, raw.reason)


@transaction.atomic
def _hold(raw: RawMessage, reason: str) -> Outcome:
    raw.state, raw.outcome, raw.reason = RawMessage.State.HELD, HELD, reason
    raw.processed_at = timezone.now()
    raw.save(update_fields=["state", "outcome", "reason", "processed_at"])
    return Outcome(HELD, reason=reason)


def _try_later(raw: RawMessage, error: Exception) -> Outcome:
    """The database was busy or away: the mail stays in state received and is taken up again."""
    log.warning("Mail %s is tried again later: %s", raw.pk, error)
    if raw.attempts + 1 >= _TRIES:
        return _fail(raw, error)
    try:
        _count_attempt(raw)
    except DatabaseError:
        connection.close()
    return Outcome(FAILED, reason=_("The database was busy; the mail is stored and will be tried again."))


def _count_attempt(raw: RawMessage) -> None:
    raw.attempts += 1
    RawMessage.objects.filter(pk=raw.pk).update(attempts=raw.attempts)


def _fail(raw: RawMessage, error: Exception) -> Outcome:
    """Put the mail on the list of failed mail, with what went wrong in words."""
    log.error("Mail %s could not be processed", raw.pk, exc_info=error)
    reason = describe(error)
    try:
        with transaction.atomic():
            changed = RawMessage.objects.filter(pk=raw.pk).exclude(state=RawMessage.State.PROCESSED)
            changed.update(
                state=RawMessage.State.FAILED,
                outcome=FAILED,
                reason=reason,
                attempts=raw.attempts + 1,
                processed_at=timezone.now(),
            )
            record(MailFailed(raw_id=raw.pk, reason=reason), by=SYSTEM)
    except DatabaseError:
        # The row says "received" then, and is taken up again.
        connection.close()
    return Outcome(FAILED, reason=reason)


def describe(error: BaseException) -> str:
    """One sentence that names the error and the place in our code where it came up."""
    if isinstance(error, NotRead):
        return str(error)
    place = error.__traceback__
    where = ""
    while place is not None:
        module = str(place.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("zaguan."):
            where = f"{module.removeprefix('zaguan.')}, line {place.tb_lineno}"
        place = place.tb_next
    said = " ".join(str(error).split())[:400]
    return f"{type(error).__name__}: {said} ({where})" if where else f"{type(error).__name__}: {said}"


def reprocess(raw: RawMessage, *, by: Any) -> Outcome:
    """Process a failed or held mail again, at an agent's wish; a held one comes in whatever held it."""
    if raw.state == RawMessage.State.PROCESSED:
        return seen_before(raw)
    if raw.inbox_id is None:
        raw.inbox = inbox_for(raw_bytes(raw), "", raw.envelope)
        if raw.inbox is not None:
            raw.save(update_fields=["inbox"])
    log.info("Mail %s is processed again for %s", raw.pk, by)
    return process(raw.pk, released=raw.state == RawMessage.State.HELD)


def process_pending(limit: int = 200) -> int:
    """Take up mail that was stored and not processed: the one who stored it died, or the database was busy."""
    waiting = RawMessage.objects.filter(state=RawMessage.State.RECEIVED).exclude(
        state=RawMessage.State.PROCESSED
    )
    due = waiting.filter(received_at__lte=timezone.now() - _LEFT_BEHIND).order_by("id")
    numbers = list(due.values_list("pk", flat=True)[:limit])
    left = [number for number in numbers if number not in in_hand]
    for number in left:
        process(number)
    return len(left)
