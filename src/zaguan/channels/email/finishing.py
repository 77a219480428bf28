"""From a stored mail to what became of it, told to whoever waits."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zaguan.channels.email.placing import process_together
from zaguan.channels.email.receiving_mail import in_hand, process, seen_before
from zaguan.conversations.models import RawMessage
from zaguan.conversations.receiving import Outcome

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Stored:
    """A stored mail on its way to a processor."""

    raw: RawMessage
    new: bool
    done: Future[dict[str, Any]]


def process_all(mails: list[Stored]) -> None:
    """Place what is new together, and say of the rest what became of it."""
    new = [stored for stored in mails if stored.new]
    if len(new) > 1:
        finish(zip(new, _together(new), strict=False))
    finish((stored, _outcome(stored)) for stored in mails if not stored.done.done())


def _together(mails: list[Stored]) -> list[dict[str, Any]]:
    try:
        return [outcome.as_json() for outcome in process_together([stored.raw for stored in mails])]
    except Exception:
        log.exception("Mails are placed one by one")
        connection.close_if_unusable_or_obsolete()
        return []


def finish(said: Iterable[tuple[Stored, dict[str, Any]]]) -> None:
    """Tell what became of each."""
    for stored, outcome in said:
        in_hand.discard(stored.raw.pk)
        stored.done.set_result(outcome)


def _outcome(stored: Stored) -> dict[str, Any]:
    raw = stored.raw
    try:
        if not stored.new and raw.state != RawMessage.State.RECEIVED:
            return seen_before(raw).as_json()
        return process(raw.pk, known=raw if stored.new else None).as_json()
    except Exception as error:
        log.exception("Mail %s is left for later", raw.pk)
        connection.close_if_unusable_or_obsolete()
        return Outcome("failed", reason=str(error)).as_json()
