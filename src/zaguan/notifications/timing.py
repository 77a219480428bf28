"""When to tell: quiet hours, digests, working time; in the agent's own zone, right on both days of the clock's change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from django.conf import settings

from zaguan.notifications.models import Wishes
from zaguan.people.models import Agent

# What may wait until the team works.
RESTING = ("sla_near", "sla_missed")
# What belongs together comes in one mail: so long the first waits for the others, and for the agent to see it anyway.
GATHER = timedelta(minutes=2)
# Quiet hours that follow one another are one rest, but nobody rests longer than this.
_MOST_RESTS = 16


def zone_of(agent: Agent) -> ZoneInfo:
    """The agent's zone, else the installation's."""
    return ZoneInfo(agent.time_zone or settings.TIME_ZONE)


def quiet_until(wishes: Wishes, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the rest that `now` lies in is over; None outside of quiet hours."""
    if not wishes.quiet or not wishes.quiet_days:
        return None
    end = now
    for _ in range(_MOST_RESTS):
        later = _rest_around(wishes, zone, end)
        if later is None or later <= end:
            break
        end = later
    return end if end > now else None


def _rest_around(wishes: Wishes, zone: ZoneInfo, at: datetime) -> datetime | None:
    """The latest end of a rest that holds this moment."""
    today = at.astimezone(zone).date()
    ends = []
    for day in (today - timedelta(days=1), today):
        if day.weekday() not in wishes.quiet_days:
            continue
        over_night = wishes.quiet_to <= wishes.quiet_from
        start = moment(day, wishes.quiet_from, zone)
        end = moment(day + timedelta(days=over_night), wishes.quiet_to, zone)
        if start <= at < end:
            ends.append(end)
    return max(ends, default=None)


def moment(day: date, at: clock_time, zone: ZoneInfo) -> datetime:
    """That time of that day in UTC. A time that the clock leaps over is as much later; of two the first counts."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def next_digest(wishes: Wishes, zone: ZoneInfo, now: datetime) -> datetime:
    """When the mail goes that tells of what happens now."""
    if wishes.digest == Wishes.Digest.HOURLY:
        # The next full hour on the wall; an hour ahead in UTC is one ahead on every clock.
        local = now.astimezone(zone)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now - past + timedelta(hours=1)
    if wishes.digest == Wishes.Digest.DAILY:
        today = now.astimezone(zone).date()
        first = moment(today, wishes.digest_at, zone)
        return first if first > now else moment(today + timedelta(days=1), wishes.digest_at, zone)
    return now + GATHER


def mail_at(wishes: Wishes, zone: ZoneInfo, now: datetime, *, rest: datetime | None = None) -> datetime:
    """When a mail tells of what happens now; `rest` is an end of silence from elsewhere (working time)."""
    at = next_digest(wishes, zone, max(now, rest or now))
    if wishes.digest == Wishes.Digest.DAILY:
        # That hour was chosen, quiet or not.
        return at
    return quiet_until(wishes, zone, at) or at
