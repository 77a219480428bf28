"""Write down what became of a delivery: states only move on, and everybody who must know hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.base import Outcome
from zaguan.conversations.events import DeliveryChanged
from zaguan.conversations.models import Delivery
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.people.identifying import find_identity, mark_bounced, normal_email
from zaguan.tickets.changing import lock
from zaguan.tickets.statuses import reopen

State = Delivery.State
# After a passing refusal: soon at first (greylisting), then ever more slowly, for about a day.
WAITS = [60, 300, 900, 1800, 3600, 7200, *[14400] * 5]
# From which states a worker's own outcome may lead on; what a provider told later is never overwritten.
_FROM: dict[str, tuple[str, ...]] = {
    State.SENT: (State.SENDING, State.UNKNOWN),
    State.FAILED: (State.QUEUED, State.SENDING, State.UNKNOWN),
    State.UNKNOWN: (State.SENDING,),
    State.QUEUED: (State.QUEUED, State.SENDING),
}


def settle(
    rows: Sequence[Delivery], outcomes: dict[str, Outcome], token: str, *, expired: bool = False
) -> None:
    """Record each address's outcome in one transaction, if the claim `token` still stands for it.

    A failure reopens the ticket and says so in its history; an address that does not exist is marked.
    `expired`: only if the lease is still over, since its worker may be slow and not dead.
    """
    told = [(row, outcomes[row.address]) for row in rows if row.address in outcomes]
    if not told:
        return
    with transaction.atomic():
        failing = any(_is_final(row, outcome) for row, outcome in told)
        ticket = lock(told[0][0].message.ticket_id) if failing else None
        changed = [_apply(row, outcome, token, expired=expired) for row, outcome in told]
        if ticket is not None and State.FAILED in changed:
            reopen(ticket, by=SYSTEM, reason=_("A message was not delivered."))


def release(rows: Sequence[Delivery], token: str, *, wait: timedelta | None = None) -> None:
    """Give untried deliveries back; `wait` when the server does not answer anyway."""
    if not rows:
        return
    numbers = [row.pk for row in rows]
    ours = Delivery.objects.filter(pk__in=numbers, state=State.QUEUED, leased_by=token)
    later = {"run_at": timezone.now() + wait} if wait else {}
    ours.update(leased_until=None, leased_by="", **later)


def _is_final(row: Delivery, outcome: Outcome) -> bool:
    return outcome.state == State.FAILED or (outcome.state == State.QUEUED and row.tries >= len(WAITS))


def _apply(row: Delivery, outcome: Outcome, token: str, *, expired: bool) -> str:
    """The state that was written; "" when somebody else had the last word."""
    state = State.FAILED if _is_final(row, outcome) else outcome.state
    now = timezone.now()
    ours = Delivery.objects.filter(pk=row.pk, leased_by=token, state__in=_FROM[state])
    if expired:
        ours = ours.filter(leased_until__lt=now)
    values: dict[str, Any] = {
        "state": state,
        "code": outcome.code[:20],
        "answer": outcome.answer[:2000],
        "changed_at": now,
    }
    if state == State.QUEUED:
        wait = timedelta(seconds=WAITS[row.tries])
        values |= {"tries": row.tries + 1, "run_at": now + wait, "leased_until": None, "leased_by": ""}
    elif state == State.SENT:
        values |= {"sent_at": now, "provider_id": outcome.provider_id[:255]}
    if not ours.update(**values):
        return ""
    if state != State.QUEUED:
        _tell(row, state, outcome)
    return state


def _tell(row: Delivery, state: str, outcome: Outcome) -> None:
    reason = "" if state == State.SENT else outcome.answer[:500]
    event = DeliveryChanged(
        ticket_id=row.message.ticket_id,
        message_id=row.message_id,
        delivery_id=row.pk,
        address=row.address,
        state=state,
        reason=reason,
    )
    record(event, by=SYSTEM)
    if state == State.FAILED and outcome.code.startswith("5.1."):
        # The address itself is wrong, not the message or our account.
        identity = find_identity("email", normal_email(row.address))
        if identity is not None:
            mark_bounced(identity, reason, by=SYSTEM)
