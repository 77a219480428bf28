"""Feeds of holidays: iCalendar addresses that are read daily; what was read last stays while one cannot be reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.lib.errors import Refused
from zaguan.lib.outgoing import Unreachable, fetch
from zaguan.sla.calendar_book import changed, lock
from zaguan.sla.feed_reading import NoCalendar, days_of
from zaguan.sla.models import Calendar, HolidayFeed

MOST_FEEDS = 20
BACK, AHEAD = timedelta(days=2 * 366), timedelta(days=6 * 366)
# Hosts answer in seconds or not at all; the form waits for the first reading.
SECONDS = 8
DUE_AFTER = timedelta(hours=20)


@transaction.atomic
def add_feed(calendar: Calendar, url: str, *, by: Any) -> HolidayFeed:
    """Note an address, unread yet; `read_feed` reads it."""
    calendar = lock(calendar)
    url = url.strip().replace("webcal://", "https://", 1)
    if not url.startswith(("https://", "http://")) or len(url) > 1000:
        raise Refused(_("An address begins with https:// and the name of a server."), field="url")
    if calendar.feeds.filter(url=url).exists():
        raise Refused(_("This feed is here already."), field="url")
    if calendar.feeds.count() >= MOST_FEEDS:
        raise Refused(_("A calendar has at most 20 feeds."), field="url")
    feed = HolidayFeed.objects.create(calendar=calendar, url=url)
    changed(calendar, {"feed": ["", _told(url)]}, by=by)
    return feed


@transaction.atomic
def remove_feed(feed: HolidayFeed, *, by: Any) -> None:
    """Its days are no holidays any more."""
    calendar = lock(feed.calendar)
    feed.delete()
    changed(calendar, {"feed": [_told(feed.url), ""]}, by=by)


def _told(url: str) -> str:
    """Without what follows the path: secrets of private calendars stand there or at its end."""
    return url.partition("?")[0][:60]


def read_feed(feed: HolidayFeed, *, by: Any = SYSTEM) -> HolidayFeed:
    """Ask now, outside of any transaction. What was read before stays when nothing can be read; the error is noted."""
    try:
        days, error = _asked(feed.url), ""
    except Refused as refused:
        days, error = None, refused.sentence
    return _keep(feed, days, error, by=by)


def _asked(url: str) -> dict[str, str]:
    today = timezone.localdate()
    try:
        answer = fetch(url, seconds=SECONDS, headers={"Accept": "text/calendar, */*;q=0.1"})
        if not answer.ok:
            raise Refused(
                _("The server answered %(status)d instead of a calendar.") % {"status": answer.status}
            )
        return days_of(answer.body, today - BACK, today + AHEAD)
    except Unreachable as problem:
        raise Refused(str(problem)) from None
    except NoCalendar:
        raise Refused(_("What is at this address is no iCalendar.")) from None


@transaction.atomic
def _keep(feed: HolidayFeed, days: dict[str, str] | None, error: str, *, by: Any) -> HolidayFeed:
    calendar = lock(feed.calendar)
    row = HolidayFeed.objects.filter(pk=feed.pk).first()
    if row is None:
        return feed
    now = timezone.now()
    row.tried_at, row.error = now, error[:300]
    changes = {}
    if days is not None:
        row.read_at = now
        # Years move on by themselves; only other days are a change.
        if days != row.days:
            changes = {"feed_days": [len(row.days), len(days)]}
        row.days = days
    row.save(update_fields=["tried_at", "read_at", "error", "days"])
    if changes:
        changed(calendar, changes, by=by)
    return row


def read_due() -> None:
    """Read every feed that was not tried today; the schedule asks each hour."""
    before = timezone.now() - DUE_AFTER
    due = HolidayFeed.objects.filter(calendar__archived_at=None).exclude(tried_at__gte=before)
    for feed in due.select_related("calendar").order_by("tried_at", "id")[:50]:
        read_feed(feed)
