"""Take new mail out of IMAP folders: everything after the last UID, whatever its flags say (R01)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from imaplib import IMAP4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.email.accounts import folders
from zaguan.channels.email.mailbox import TROUBLE, Mailbox
from zaguan.channels.email.receiving_mail import in_hand, process
from zaguan.conversations.events import MailFailed
from zaguan.conversations.models import FolderCursor, Inbox, RawMessage
from zaguan.conversations.raw import store_raw
from zaguan.conversations.receiving import FAILED
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record

log = logging.getLogger(__name__)

_MOST_MAILS = 50
# After so many broken lines at one mail it is listed as failed, and the next one fetched.
_MOST_BREAKS = 2
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it is numbered now; the server numbers anew when `validity` changes."""

    inbox: Inbox
    folder: str
    validity: int


@dataclass(slots=True)
class Care:
    """How to go on with a server that breaks off: one mail at a time, and without those that made it break off."""

    one_by_one: bool = False
    broke_at: dict[tuple[str, int, int], int] = field(default_factory=dict)
    folder: tuple[str, int] = ("", 0)
    # Numbers below the last one that have been looked into; copies of a mail have only one row.
    looked_into: set[tuple[str, int, int]] = field(default_factory=set)

    def blame(self, uid: int | None) -> None:
        """The line broke while this mail was asked for."""
        if uid is not None:
            place = (*self.folder, uid)
            self.broke_at[place] = self.broke_at.get(place, 0) + 1

    def gives_up(self, uid: int) -> bool:
        """Whether asking for this mail has broken the line too often."""
        return self.broke_at.get((*self.folder, uid), 0) >= _MOST_BREAKS


def fetch_inbox(inbox: Inbox, mailbox: Mailbox, care: Care | None = None) -> int:
    """Take in all that is new in the inbox's folders; returns how many mails were new to us."""
    return sum(fetch_folder(inbox, folder, mailbox, care or Care()) for folder in folders(inbox))


def fetch_folder(inbox: Inbox, folder: str, mailbox: Mailbox, care: Care) -> int:
    """The same for one folder. Stops with an error of TROUBLE when the line breaks; what is stored is stored."""
    validity, next_uid = mailbox.select(folder)
    place, care.folder = Place(inbox, folder, validity), (folder, validity)
    last = _start(place, next_uid)
    new = 0
    for uids, cut_from in _batches(mailbox, mailbox.uids_after(last), 1 if care.one_by_one else _MOST_MAILS):
        if len(uids) == 1 and care.gives_up(uids[0]):
            contents: dict[int, bytes | str] = {
                uids[0]: _("The mail server breaks off when asked for this mail.")
            }
        else:
            contents = _read(mailbox, uids, header_only=bool(cut_from))
        new += process_all(_store(place, uids, contents, cut_from))
    return new


def process_all(stored: list[int]) -> int:
    """Process what was stored; what is not reached when the database goes away is taken up by whoever looks next."""
    in_hand.update(stored)
    try:
        for number in stored:
            process(number)
            in_hand.discard(number)
    finally:
        in_hand.difference_update(stored)
    return len(stored)


@transaction.atomic
def _start(place: Place, next_uid: int) -> int:
    """The UID after which to go on. A folder that is numbered anew is read from its beginning: what we have is known."""
    cursor, made = FolderCursor.objects.select_for_update().get_or_create(
        inbox=place.inbox, folder=place.folder
    )
    if cursor.uid_validity != place.validity:
        imap = place.inbox.settings.get("imap") or {}
        begin = next_uid - 1 if made and imap.get("start") == "new" else 0
        cursor.uid_validity, cursor.last_uid, cursor.first_uid = place.validity, begin, begin
        cursor.save(update_fields=["uid_validity", "last_uid", "first_uid"])
    return cursor.last_uid


def _batches(mailbox: Mailbox, uids: Sequence[int], most: int) -> Iterator[tuple[list[int], int]]:
    """UIDs in order, in pieces that fit into memory; a mail above the limit alone, with its size: its header must do."""
    for begin in range(0, len(uids), 500):
        piece = uids[begin : begin + 500]
        sizes = mailbox.sizes(piece)
        batch: list[int] = []
        weight = 0
        for uid in piece:
            size = sizes.get(uid, 0)
            too_large = size > settings.MAIL_SIZE_LIMIT
            if batch and (too_large or len(batch) >= most or weight + size > _MOST_BYTES):
                yield batch, 0
                batch, weight = [], 0
            if too_large:
                yield [uid], size
            else:
                batch.append(uid)
                weight += size
        if batch:
            yield batch, 0


def _read(mailbox: Mailbox, uids: Sequence[int], *, header_only: bool) -> dict[int, bytes | str]:
    """The bytes by UID; a sentence in their place where the server cannot hand a mail over (A5, A6)."""
    try:
        return dict(mailbox.contents(uids, header_only=header_only))
    except IMAP4.abort:
        raise
    except TROUBLE as error:
        if len(uids) == 1:
            return {uids[0]: _("The mail server could not hand this mail over: %(why)s") % {"why": error}}
        log.warning("Fetching one by one after: %s", error)
    found: dict[int, bytes | str] = {}
    for uid in uids:
        found |= _read(mailbox, [uid], header_only=header_only)
    return found


@transaction.atomic
def _store(
    place: Place, uids: Sequence[int], contents: dict[int, bytes | str], cut_from: int = 0
) -> list[int]:
    """Keep the mails and move the cursor in one transaction; what another worker has stored meanwhile is left out."""
    cursor = FolderCursor.objects.select_for_update().get(inbox=place.inbox, folder=place.folder)
    if cursor.uid_validity != place.validity:
        return []
    stored = [
        number
        for uid in uids
        if uid > cursor.last_uid
        and uid in contents
        and (number := store_one(place, uid, contents[uid], cut_from))
    ]
    cursor.last_uid = max(cursor.last_uid, uids[-1])
    cursor.save(update_fields=["last_uid"])
    return stored


def store_one(place: Place, uid: int, content: bytes | str, cut_from: int = 0) -> int | None:
    """Keep one mail; its number when it is new and shall be processed. `cut_from`: the size of what is but a header."""
    if isinstance(content, str):
        store_failure(place, uid, content)
        return None
    raw, new = store_raw(
        content,
        inbox=place.inbox,
        source="imap",
        envelope={"cut_from": cut_from} if cut_from else {},
        folder=place.folder,
        uid=uid,
        uid_validity=place.validity,
    )
    if not new:
        # The same mail under a new number, or a copy: either way this UID is accounted for.
        RawMessage.objects.filter(pk=raw.pk).update(folder=place.folder, uid=uid, uid_validity=place.validity)
    return raw.pk if new else None


def store_failure(place: Place, uid: int, reason: str) -> None:
    """List a mail that the server has and does not hand over, so that it is not forgotten."""
    name = f"{place.inbox.pk}:{place.folder}:{place.validity}:{uid}"
    now = timezone.now()
    raw, made = RawMessage.objects.get_or_create(
        inbox=place.inbox,
        fingerprint=hashlib.sha256(name.encode()).digest(),
        defaults={
            "source": "imap",
            "size": 0,
            "folder": place.folder,
            "uid": uid,
            "uid_validity": place.validity,
            "state": RawMessage.State.FAILED,
            "outcome": FAILED,
            "reason": reason,
            "received_at": now,
            "processed_at": now,
        },
    )
    if made:
        record(MailFailed(raw_id=raw.pk, reason=reason), by=SYSTEM)
