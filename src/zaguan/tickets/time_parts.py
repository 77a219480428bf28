"""A stretch of work as it is told, and the pieces of one kind of time that it consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.tickets.models import TimeActivity, TimeKind, TimeRule
from zaguan.tickets.time_calendar import Segment, segments, zone_of

LONGEST = timedelta(hours=24)
MOST_MINUTES = 24 * 60


@dataclass(kw_only=True)
class NewTime:
    """A stretch of work. With start and end its kinds come from the calendar, unless one is named."""

    day: date | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    kind: str = ""
    # What counts; as long as it took when None.
    minutes: int | None = None
    activity: TimeActivity | None = None
    rate: Decimal | None = None
    value: Decimal | None = None
    note: str = ""
    message_id: int | None = None


def parts_of(new: NewTime, rule: TimeRule) -> list[Segment]:
    """The pieces with the minutes that count."""
    if new.minutes is not None and not 0 < new.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it took: from 1 minute to 24 hours."), field="minutes")
    if new.kind and new.kind not in TimeKind.values:
        raise Refused(_("There is no such kind of time."), field="kind")
    if new.started_at is None or new.ended_at is None:
        return [_whole(new, rule)]
    if not timedelta(0) < new.ended_at - new.started_at <= LONGEST:
        raise Refused(_("It ends after it begins, and at most 24 hours later."), field="ended_at")
    found = segments(new.started_at, new.ended_at, rule)
    if new.kind or not found:
        found = [Segment(new.kind or TimeKind.NORMAL, new.started_at, new.ended_at, _took(new))]
    return _scaled(found, new.minutes) if new.minutes is not None else found


def _took(new: NewTime) -> int:
    assert new.started_at is not None
    assert new.ended_at is not None
    return max(round((new.ended_at - new.started_at).total_seconds() / 60), 1)


def _whole(new: NewTime, rule: TimeRule) -> Segment:
    if new.minutes is None:
        raise Refused(_("Say how long it took: from 1 minute to 24 hours."), field="minutes")
    day = new.day or timezone.localdate(timezone=zone_of(rule))
    start = new.started_at or datetime.combine(day, datetime.min.time(), tzinfo=zone_of(rule))
    return Segment(new.kind or TimeKind.NORMAL, start, start, new.minutes)


def _scaled(parts: list[Segment], minutes: int) -> list[Segment]:
    """The counted minutes in the same proportions; what comes to nothing is left out."""
    total, taken, found = sum(part.minutes for part in parts), 0, []
    until = 0
    for part in parts:
        until += part.minutes
        share = round(minutes * until / total) - taken
        taken += share
        if share:
            found.append(Segment(part.kind, part.start, part.end, share))
    return found
