"""Once a day: does every mail that lies in a mailbox have its row? What is missing is fetched, and told (R01)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.email.accounts import folders, imap_server
from zaguan.channels.email.fetchers import connect, in_trouble
from zaguan.channels.email.fetching import Place
from zaguan.channels.email.late_mail import recover
from zaguan.channels.email.mailbox import TROUBLE, Mailbox
from zaguan.channels.email.oauth import OAuthTrouble
from zaguan.channels.email.troubles import explain
from zaguan.conversations.events import InboxTroubled
from zaguan.conversations.models import FolderCursor, Inbox, RawMessage
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record

# Of what seems to be missing, as much is fetched in one night.
_MOST = 1000


def reconcile_all() -> int:
    """Compare every mailbox in use with what we have; returns how many mails had been missing."""
    found = 0
    for inbox in Inbox.objects.filter(kind="email", is_active=True):
        if imap_server(inbox) is None:
            continue
        try:
            mailbox = connect(inbox)
            try:
                found += sum(reconcile(inbox, folder, mailbox) for folder in folders(inbox))
            finally:
                mailbox.close()
        except (*TROUBLE, OAuthTrouble, ValueError) as error:
            in_trouble(inbox, explain(error, imap_server(inbox)))
    return found


def reconcile(inbox: Inbox, folder: str, mailbox: Mailbox) -> int:
    """Fetch what one folder has and we have not; returns how many that were."""
    cursor = FolderCursor.objects.filter(inbox=inbox, folder=folder).first()
    validity, _next = mailbox.select(folder)
    if cursor is None or cursor.uid_validity != validity:
        # Numbered anew, or never read: ordinary fetching begins from the start.
        return 0
    there = {uid for uid in mailbox.uids_after(cursor.first_uid) if uid <= cursor.last_uid}
    rows = RawMessage.objects.filter(inbox=inbox, folder=folder, uid_validity=validity, uid__isnull=False)
    absent = sorted(there - set(rows.values_list("uid", flat=True)))
    place = Place(inbox, folder, validity)
    recovered, missing = 0, max(len(absent) - _MOST, 0)
    for uid in absent[:_MOST]:
        state = recover(place, uid, mailbox)
        recovered += state == "new"
        missing += state == "missing"
    _write_down(cursor, recovered, missing)
    return recovered


@transaction.atomic
def _write_down(cursor: FolderCursor, recovered: int, missing: int) -> None:
    cursor.missing, cursor.reconciled_at = missing, timezone.now()
    cursor.save(update_fields=["missing", "reconciled_at"])
    if recovered or missing:
        reason = _(
            "%(folder)s: %(new)d mails had been missed and were fetched now, %(missing)d are still missing."
        )
        said = reason % {"folder": cursor.folder, "new": recovered, "missing": missing}
        record(InboxTroubled(inbox_id=cursor.inbox_id, reason=said), by=SYSTEM)
