"""Mail to agents: what waits goes in one mail per agent when its time has come; digests are the same with more in it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zaguan.channels.pausing import is_paused
from zaguan.conversations.addressing import Own
from zaguan.conversations.own_addresses import own_addresses
from zaguan.notifications.composing import compose
from zaguan.notifications.models import Notification
from zaguan.notifications.outgoing import Trouble, account, hand_over
from zaguan.notifications.timing import RESTING, mail_at, zone_of
from zaguan.notifications.wishing import wishes_of
from zaguan.people.identifying import normal_email
from zaguan.people.models import Agent, Identity
from zaguan.sla.concerned import rest_of_team

log = logging.getLogger(__name__)

# After trouble with the server; and what is so old is not sent any more.
AGAIN_AFTER = timedelta(minutes=5)
TOO_LATE = timedelta(days=2)
MOST_IN_ONE = 100


def send_due(limit: int = 50) -> int:
    """Send to everybody whose time has come; returns to how many. Run by one worker at a time."""
    if is_paused():
        return 0
    now = timezone.now()
    _leave_old(now)
    due = _waiting().filter(mail_at__lte=now).order_by("mail_at").values_list("agent_id", flat=True)
    numbers = list(dict.fromkeys(due[: limit * MOST_IN_ONE]))[:limit]
    agents = Agent.objects.filter(pk__in=numbers).select_related("role")
    return sum(_sent(agent) for agent in agents)


def _leave_old(now: datetime) -> None:
    """What should have gone two days ago is no news. A rest may be longer than that, so it counts from its end."""
    old = _waiting().filter(created_at__lt=now - TOO_LATE, mail_at__lte=now).select_related("agent", "ticket")
    numbers = [row.pk for row in old if _first_due(row) < now - TOO_LATE]
    if numbers:
        Notification.objects.filter(pk__in=numbers).update(mail_at=None)


def _first_due(row: Notification) -> datetime:
    """When it was to go first; trouble with the server put it off since."""
    wishes, rest = wishes_of(row.agent_id), None
    if wishes.in_working_time and row.kind in RESTING:
        rest = rest_of_team(row.ticket.team_id if row.ticket else None, row.created_at)
    return mail_at(wishes, zone_of(row.agent), row.created_at, rest=rest)


def _sent(agent: Agent) -> bool:
    """Whether a mail left; one that cannot be written is told to the log, and holds up nobody else's."""
    try:
        return send_to(agent)
    except Exception:
        log.exception("The mail to agent %s could not be written", agent.pk)
        return False


def _waiting() -> QuerySet[Notification]:
    return Notification.objects.filter(mailed_at=None, mail_at__isnull=False)


def send_to(agent: Agent) -> bool:
    """One mail with what is due for this agent, still unread and still visible; says whether one left.

    What does not fit into it comes with the next.
    """
    now = timezone.now()
    due = _waiting().filter(agent=agent, mail_at__lte=now)
    with transaction.atomic():
        # First the mark, then the mail: of two workers each takes other rows, and a crash costs a mail, not two.
        waiting = due.order_by("pk").select_for_update(skip_locked=True)
        numbers = list(waiting.values_list("pk", flat=True)[:MOST_IN_ONE])
        Notification.objects.filter(pk__in=numbers).update(mailed_at=now)
    rows = _still_news(agent, numbers)
    if not rows:
        return False
    try:
        return _send(agent, rows)
    except Trouble as problem:
        log.warning("Mail to agent %s waits: %s", agent.pk, problem)
        Notification.objects.filter(pk__in=numbers).update(mailed_at=None, mail_at=now + AGAIN_AFTER)
        return False


def _still_news(agent: Agent, numbers: list[int]) -> list[Notification]:
    """What the agent has not read meanwhile and may still see, newest last."""
    if not agent.is_active:
        return []
    seen = Notification.objects.visible_to(agent).unread().filter(pk__in=numbers)
    # Their own ticket may be the answer of a machine to such a mail, without saying so (R04).
    own = Identity.objects.filter(kind="email", value=normal_email(agent.email)).values("contact")
    seen = seen.exclude(ticket__requester__in=own)
    return list(seen.select_related("ticket").order_by("pk"))


def _send(agent: Agent, rows: list[Notification]) -> bool:
    """Never to an address of ours: that would come back as a new ticket."""
    inbox = account()
    if inbox is None or agent.email in Own(own_addresses()):
        return False
    hand_over(inbox, compose(agent, rows, inbox), name=f"notifications-{rows[-1].pk}")
    return True
