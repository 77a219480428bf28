"""A backlog of mails is placed several to a transaction; when one of them fails, each gets one of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction

from zaguan.channels.email.reading_apart import SMALL
from zaguan.channels.email.receiving_mail import place, process, read
from zaguan.conversations.arriving import removing_files_on_failure
from zaguan.conversations.models import RawMessage
from zaguan.conversations.receiving import Outcome
from zaguan.lib.savepoints import without_savepoints

log = logging.getLogger(__name__)

# Others who write wait meanwhile: a few hundredths of a second.
TOGETHER = 8


def process_together(mails: Sequence[RawMessage]) -> list[Outcome]:
    """What became of each, as `process` says it. Never raises for a mail that cannot be read or placed."""
    small = [raw for raw in mails if raw.size <= SMALL]
    found = dict(zip((raw.pk for raw in small), _together(small), strict=True))
    return [found[raw.pk] if raw.pk in found else process(raw.pk, known=raw) for raw in mails]


def _together(mails: Sequence[RawMessage]) -> list[Outcome]:
    if len(mails) < 2:
        return [process(raw.pk, known=raw) for raw in mails]
    try:
        ready = [read(raw) for raw in mails]
        with removing_files_on_failure(), transaction.atomic(), without_savepoints():
            return [place(mail) for mail in ready]
    except Exception as error:  # noqa: BLE001 (whichever it was fails again by itself, and says so on its row)
        log.info("%s mails are placed one by one: %s", len(mails), error)
    # Read anew: what the attempt wrote on these rows was undone in the database only.
    return [process(raw.pk) for raw in mails]
