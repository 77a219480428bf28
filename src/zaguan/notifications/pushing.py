"""Push messages to the agents' devices, in the worker; and the one that an agent sends to try it out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.channels.pausing import is_paused
from zaguan.events.tasks import task
from zaguan.lib.errors import Retry
from zaguan.notifications.delivering_push import Answer, deliver
from zaguan.notifications.models import Notification, PushSubscription
from zaguan.notifications.sending import PUSHING
from zaguan.notifications.wishing import wishes_of
from zaguan.notifications.wording import address_of, sentence, title
from zaguan.people.models import Agent

# What is older is no news any more.
TOO_LATE = timedelta(hours=12)


@task(PUSHING)
def push(notification: int, device: int) -> None:
    """Send one notification to one device, unless it was read meanwhile or may no longer be seen."""
    target = PushSubscription.objects.select_related("agent__role").filter(pk=device).first()
    # A copy of the house must not ring where the house itself does.
    if is_paused() or target is None or not target.agent.is_active:
        return
    unread = Notification.objects.visible_to(target.agent).unread().select_related("ticket")
    row = unread.filter(pk=notification).first()
    if row is None or timezone.now() - row.created_at > TOO_LATE:
        return
    # One about the same ticket takes the place of the one before that was not yet shown.
    topic = f"t{row.ticket_id}" if row.ticket_id else ""
    answer = deliver(target, message_for(row, target.agent), topic=topic)
    note(target, answer)
    if answer.again_after is not None:
        raise Retry(answer.sentence, after=answer.again_after)


def message_for(row: Notification, agent: Agent) -> dict[str, Any]:
    """What the device shows, in the agent's language; without a word of anybody unless the agent wants it there."""
    with translation.override(agent.language):
        shown = wishes_of(agent.pk).show_text
        return {
            "title": title(row) if shown else _("Zaguán"),
            "body": sentence(row) if shown else _hidden(row),
            "url": address_of(row),
            "tag": f"ticket-{row.ticket_id}" if row.ticket_id else f"notification-{row.pk}",
            "id": row.pk,
        }


def _hidden(row: Notification) -> str:
    if row.ticket_id:
        return _("There is something new in ticket %(number)d.") % {"number": row.ticket_id}
    return _("There is something new for you.")


def try_out(device: PushSubscription) -> Answer:
    """Send a test message at once, and say what came of it."""
    with translation.override(device.agent.language):
        message = {
            "title": _("Zaguán"),
            "body": _("It works: this device will be told."),
            "url": f"{settings.BASE_URL}/desk/profile/notifications/",
            "tag": "test",
        }
    answer = deliver(device, message)
    note(device, answer)
    return answer


def note(device: PushSubscription, answer: Answer) -> None:
    """Remember how it went; a device that is gone is forgotten."""
    if answer.gone and answer.why == "gone":
        PushSubscription.objects.filter(pk=device.pk).delete()
        return
    now = timezone.now()
    if answer.ok:
        changes: dict[str, Any] = {"succeeded_at": now, "failed_at": None, "failure": ""}
    else:
        changes = {"failed_at": now, "failure": answer.sentence[:300]}
    PushSubscription.objects.filter(pk=device.pk).update(**changes)
