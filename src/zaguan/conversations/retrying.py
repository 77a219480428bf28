"""Send again what failed or whose fate is unknown: a person's decision, always as a new attempt (R03, bug 6)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.events import DeliveryChanged
from zaguan.conversations.models import Delivery, Message
from zaguan.events.recording import record
from zaguan.lib.errors import Refused

_AGAIN = (Delivery.State.FAILED, Delivery.State.UNKNOWN)


@transaction.atomic
def retry(delivery: Delivery, *, by: Any) -> Delivery:
    """Queue a new attempt beside the old one, which keeps its state. Raises Refused unless the newest failed or is unknown."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=delivery.message_id)
    attempts = Delivery.objects.filter(message=message, address=delivery.address)
    newest = attempts.order_by("-attempt").first()
    if message.withdrawn_at is not None or newest is None or newest.state not in _AGAIN:
        raise Refused(_("This message is not waiting to be sent again."))
    now = timezone.now()
    number = (attempts.aggregate(last=Max("attempt"))["last"] or 0) + 1
    again = Delivery.objects.create(
        message=message,
        inbox=delivery.inbox,
        address=delivery.address,
        attempt=number,
        run_at=now,
        changed_at=now,
    )
    event = DeliveryChanged(
        ticket_id=message.ticket_id,
        message_id=message.pk,
        delivery_id=again.pk,
        address=again.address,
        state=again.state,
    )
    record(event, by=by)
    return again
