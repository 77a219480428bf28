"""Mail that a server shows later than mail with a higher number: looked for at each visit, not only at night (R01)."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from zaguan.channels.email.accounts import folders
from zaguan.channels.email.fetching import Care, Place, process_all, store_one
from zaguan.channels.email.mailbox import TROUBLE, Mailbox
from zaguan.conversations.models import FolderCursor, Inbox, RawMessage

log = logging.getLogger(__name__)

# Of the numbers below the last one, so many are compared with what we have; the night compares all.
_LOOK_BACK = 100


def take_late(inbox: Inbox, mailbox: Mailbox, care: Care) -> int:
    """Fetch what has appeared among the latest numbers since we were there; returns how many mails that were."""
    return sum(_take_late(inbox, folder, mailbox, care) for folder in folders(inbox))


def _take_late(inbox: Inbox, folder: str, mailbox: Mailbox, care: Care) -> int:
    cursor = FolderCursor.objects.filter(inbox=inbox, folder=folder).first()
    validity, _next = mailbox.select(folder)
    if cursor is None or cursor.uid_validity != validity or cursor.last_uid <= cursor.first_uid:
        return 0
    begin = max(cursor.first_uid, cursor.last_uid - _LOOK_BACK)
    there = {uid for uid in mailbox.uids_after(begin) if uid <= cursor.last_uid}
    rows = RawMessage.objects.filter(inbox=inbox, folder=folder, uid_validity=validity, uid__gt=begin)
    absent = there - set(rows.values_list("uid", flat=True))
    place, found, care.folder = Place(inbox, folder, validity), 0, (folder, validity)
    for uid in sorted(absent):
        known = (folder, validity, uid)
        if known in care.looked_into or care.gives_up(uid):
            continue
        state = recover(place, uid, mailbox)
        found += state == "new"
        if state == "missing":
            care.blame(uid)
        else:
            care.looked_into.add(known)
    return found


def recover(place: Place, uid: int, mailbox: Mailbox) -> str:
    """Fetch one mail: "new" when it had been missing, "known" for a copy of one we have, or gone meanwhile."""
    try:
        size = mailbox.sizes([uid]).get(uid, 0)
        cut_from = size if size > settings.MAIL_SIZE_LIMIT else 0
        content = mailbox.contents([uid], header_only=bool(cut_from)).get(uid)
    except TROUBLE as error:
        log.warning("UID %s of inbox %s cannot be fetched: %s", uid, place.inbox.pk, error)
        return "missing"
    if content is None:
        return "known"
    with transaction.atomic():
        number = store_one(place, uid, content, cut_from)
    if number is None:
        return "known"
    process_all([number])
    return "new"
