"""What an agent wishes about when and how; who has no wishes of their own has the house's."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.notifications.models import Notification, Wishes
from zaguan.notifications.timing import RESTING, mail_at, zone_of
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent
from zaguan.people.reference import Kept

FIELDS = (
    "digest", "digest_at", "quiet", "quiet_days", "quiet_from", "quiet_to", "in_working_time", "show_text",
)  # fmt: skip
_wishes: Kept[Wishes] = Kept(lambda: Wishes.objects.all())


def wishes_of(agent_id: int | None) -> Wishes:
    """The agent's wishes, else the house's, else the usual ones. Shared: read them, never save them."""
    by_agent = {row.agent_id: row for row in _wishes.all().values()}
    return by_agent.get(agent_id) or by_agent.get(None) or Wishes()


@transaction.atomic
def wish(agent: Agent | None, *, by: Any, **values: Any) -> Wishes:
    """Keep what differs from now on; None is the house. Mails that wait go at their new time."""
    _check(values)
    kept = Wishes.objects.filter(agent=agent).first()
    if kept is None:
        usual = wishes_of(None)
        kept = Wishes(agent=agent, **{name: getattr(usual, name) for name in FIELDS})
    for name, value in values.items():
        setattr(kept, name, value)
    if kept.quiet and not kept.quiet_days:
        raise Refused(_("Choose the days on which it is quiet."), field="quiet_days")
    kept.save()
    _wishes.forget()
    if agent is None:
        record(SettingChanged(what="notifications", name=""), by=by)
    else:
        now = timezone.now()
        waiting = Notification.objects.filter(agent=agent, mailed_at=None, mail_at__gt=now)
        if kept.in_working_time:
            # These rest until their team works.
            waiting = waiting.exclude(kind__in=RESTING)
        waiting.update(mail_at=mail_at(kept, zone_of(agent), now))
    return kept


def _check(values: dict[str, Any]) -> None:
    days = values.get("quiet_days", [])
    if any(not isinstance(day, int) or not 0 <= day <= 6 for day in days):
        raise Refused(_("Days are numbers from 0 (Monday) to 6."), field="quiet_days")
    if values.get("digest", Wishes.Digest.OFF) not in Wishes.Digest.values:
        raise Refused(_("Choose how mail comes."), field="digest")
