"""What a worker was sending when it died: nobody knows whether it left, and only a person may send it again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.channels.base import Outcome
from zaguan.channels.outcomes import settle
from zaguan.conversations.models import Delivery
from zaguan.events.workers import is_dead

State = Delivery.State


def recover_expired(limit: int = 200) -> int:
    """Deliveries whose worker died while they were leaving become "unknown"; returns how many.

    What a dead process of this machine held is free at once; other machines' claims run out by themselves.
    """
    _end_claims_of_dead()
    expired = Delivery.objects.filter(state=State.SENDING, leased_until__lt=timezone.now())
    found = list(expired.select_related("message")[:limit])
    for row in found:
        told = Outcome(
            state=State.UNKNOWN, answer=_("We were interrupted while the mail server was taking it.")
        )
        settle([row], {row.address: told}, row.leased_by, expired=True)
    return len(found)


def _end_claims_of_dead() -> None:
    held = Delivery.objects.filter(state__in=[State.QUEUED, State.SENDING]).exclude(leased_by="")
    dead = [
        token for token in held.values_list("leased_by", flat=True).distinct() if is_dead(token.split("#")[0])
    ]
    if dead:
        over = timezone.now() - timedelta(seconds=1)
        held.filter(leased_by__in=dead, leased_until__gt=over).update(leased_until=over)
