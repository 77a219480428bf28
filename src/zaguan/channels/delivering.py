"""Send what is queued: claimed by lease, marked as leaving before it leaves, its outcome recorded once (R03, bug 5).

A claimed delivery is still "queued": if its worker dies, another takes it when the lease is over. Right before the
server could take the message it becomes "sending", committed; from then on a dead worker means "unknown",
which nothing but a person's decision sends again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.base import DeliveryError, GivenUp, Line, Outcome, Parcel, channel_for
from zaguan.channels.outcomes import release, settle
from zaguan.channels.pausing import is_paused
from zaguan.conversations.automatic import is_muted_address
from zaguan.conversations.models import Delivery, Inbox, Message
from zaguan.events.workers import own_name
from zaguan.lib.secrets import random_id
from zaguan.lib.statements import Lookup

logger = logging.getLogger(__name__)
# How long a claim holds; renewed when a message begins to leave. Longer than any answer is waited for.
LEASE = timedelta(minutes=6)
# After so long the rest of a claim is given back, so that a worker told to stop is not cut off while sending.
TURN_SECONDS = 4.0
# How long nothing more is tried through a server that is away.
BROKEN_WAIT = timedelta(minutes=1)
State = Delivery.State


def deliver_due(limit: int = 50) -> int:
    """Send up to `limit` messages that are due; returns how many were tried. Many workers may run it at once."""
    if not _first_due(timezone.now()) or is_paused():
        return 0
    token = f"{own_name()}#{random_id(8)}"
    end = time.monotonic() + TURN_SECONDS
    rows = claim(limit, token)
    tried = 0
    for inbox_id, group in groupby(rows, key=lambda row: row.inbox_id or 0):
        tried += _through(list(group), inbox_id, token, end)
    return tried


def _due(now: datetime) -> QuerySet[Delivery]:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Delivery.objects.filter(free, state=State.QUEUED, run_at__lte=now)


# Asked after each commit of anybody: its SQL is made once.
_first_due = Lookup(lambda now: _due(now).values_list("pk")[:1], datetime)


def claim(limit: int, token: str) -> list[Delivery]:
    """Take whole messages for this worker: all their due deliveries, in order, those of one inbox together.

    Messages that another worker is claiming at this moment are passed over.
    """
    with transaction.atomic():
        waiting = _due(timezone.now()).order_by("run_at", "id").values_list("message_id", flat=True)
        numbers = list(dict.fromkeys(waiting[: limit * 4]))[:limit]
        rows = Message.objects.filter(pk__in=numbers).only("pk")
        locked = [m.pk for m in rows.select_for_update(skip_locked=True, of=("self",))]
        _due(timezone.now()).filter(message_id__in=locked).update(
            leased_until=timezone.now() + LEASE, leased_by=token
        )
    claimed = Delivery.objects.filter(leased_by=token, state=State.QUEUED)
    claimed = claimed.select_related(
        "message__ticket__requester", "message__thread__inbox", "message__answers"
    )
    return sorted(claimed, key=lambda row: (row.inbox_id or 0, row.run_at, row.message_id, row.pk))


def _through(rows: list[Delivery], inbox_id: int, token: str, end: float) -> int:
    """The messages of one inbox through one connection; returns how many were tried."""
    groups = [list(group) for _message, group in groupby(rows, key=lambda row: row.message_id)]
    tried = 0
    try:
        with _line(inbox_id) as line:
            while groups and time.monotonic() < end:
                tried += 1
                if not _send(groups.pop(0), line, token):
                    release([row for group in groups for row in group], token, wait=BROKEN_WAIT)
                    return tried
    except DeliveryError as problem:
        for group in groups:
            settle(group, _all(group, problem), token)
        return tried + len(groups)
    release([row for group in groups for row in group], token)
    return tried


def _line(inbox_id: int) -> AbstractContextManager[Line]:
    inbox = Inbox.objects.filter(pk=inbox_id).first()
    if inbox is None:
        return nullcontext(_Nowhere())
    return channel_for(inbox.kind).line(inbox)


class _Nowhere:
    """Where mail of a deleted inbox goes: back, with a sentence."""

    def send(self, parcel: Parcel) -> None:
        raise DeliveryError(_("The account that this message was to be sent from is gone."), permanent=True)


def _send(rows: list[Delivery], line: Line, token: str) -> bool:
    """One message to all its due addresses; says whether the line is still good for others."""
    message = rows[0].message
    rows = _without_muted(rows, message, token)
    if not rows:
        return True
    left: list[str] = []

    def leaving(addresses: Sequence[str]) -> None:
        _mark_leaving(rows, addresses, token)
        left.extend(addresses)

    parcel = Parcel(message, [row.address for row in rows], leaving)
    good = True
    try:
        line.send(parcel)
    except GivenUp:
        return True
    except DeliveryError as problem:
        parcel.outcomes = _all(rows, problem) | parcel.outcomes
        good = not problem.broken
    except Exception:
        # One message that cannot be composed must not hold up all others.
        logger.exception("Message %s could not be sent.", message.pk)
        parcel.outcomes = _after_fault(rows, left) | parcel.outcomes
    settle(rows, parcel.outcomes, token)
    unknown = any(each.state == State.UNKNOWN for each in parcel.outcomes.values())
    return good and not unknown


def _mark_leaving(rows: list[Delivery], addresses: Sequence[str], token: str) -> None:
    """Commit "sending" for these addresses, all or none; GivenUp when the claim is no longer ours."""
    wanted = [row.pk for row in rows if row.address in set(addresses)]
    now = timezone.now()
    with transaction.atomic():
        ours = Delivery.objects.filter(
            pk__in=wanted, state=State.QUEUED, leased_by=token, leased_until__gt=now
        )
        if ours.update(state=State.SENDING, leased_until=now + LEASE, changed_at=now) != len(wanted):
            raise GivenUp


def _without_muted(rows: list[Delivery], message: Message, token: str) -> list[Delivery]:
    """An address may have bounced since the machine wrote to it (bug 12)."""
    if not message.is_automatic:
        return rows
    muted = [row for row in rows if is_muted_address(row.address)]
    refused = Outcome(state=State.FAILED, code="muted", answer=_("Mail to this address came back lately."))
    settle(muted, {row.address: refused for row in muted}, token)
    return [row for row in rows if row not in muted]


def _all(rows: list[Delivery], problem: DeliveryError) -> dict[str, Outcome]:
    state = State.FAILED if problem.permanent else State.QUEUED
    outcome = Outcome(state=state, code=problem.code, answer=problem.answer)
    return {row.address: outcome for row in rows}


def _after_fault(rows: list[Delivery], left: list[str]) -> dict[str, Outcome]:
    def outcome(address: str) -> Outcome:
        state = State.UNKNOWN if address in left else State.QUEUED
        return Outcome(state=state, answer=_("Something went wrong here; the log tells more."))

    return {row.address: outcome(row.address) for row in rows}
