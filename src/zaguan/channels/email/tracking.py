"""What a mail provider tells later about a message of ours: arrived, came back, called spam."""

from __future__ import annotations

from typing import Any

from anymail.signals import EventType
from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.conversations.models import Delivery, Inbox
from zaguan.conversations.notices import came_back, change_delivery

_ARRIVED = {EventType.DELIVERED: Delivery.State.DELIVERED, EventType.OPENED: Delivery.State.READ}
_CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
# Of the mails to one address, the newest are the ones spoken of.
_NEWEST = 50


@transaction.atomic
def take_news(event: Any, inbox: Inbox) -> bool:
    """Write one piece of news on the delivery that it is about; False when it is about none of ours."""
    delivery = _delivery(str(event.recipient or ""), str(event.message_id or ""), inbox)
    if delivery is None:
        return False
    reason = str(event.mta_response or event.description or event.reject_reason or "")
    if event.event_type in _ARRIVED:
        change_delivery(delivery, _ARRIVED[event.event_type], reason)
    elif event.event_type == EventType.COMPLAINED:
        came_back(delivery, _("The person marked our mail as spam."), failed=False)
    elif event.event_type in _CAME_BACK:
        came_back(delivery, reason or _("The provider could not deliver it."))
    return True


def _delivery(recipient: str, message_id: str, inbox: Inbox) -> Delivery | None:
    """By the id that the provider gave when it took the mail, or by our own Message-ID."""
    wanted = message_id.strip("<>")
    if not recipient or not wanted:
        return None
    rows = Delivery.objects.filter(address=recipient, inbox=inbox).select_related("message").order_by("-id")
    for row in rows[:_NEWEST]:
        if wanted in (row.provider_id.strip("<>"), row.message.external_id):
            return row
    return None
