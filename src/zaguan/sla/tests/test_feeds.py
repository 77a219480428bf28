"""Feeds of holidays: what they name, and what stays when they cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from zaguan.lib.outgoing import Answer, Unreachable
from zaguan.sla import feeds
from zaguan.sla.business_time import is_open
from zaguan.sla.calendar_book import save_calendar
from zaguan.sla.calendars import hours_of
from zaguan.sla.feed_reading import NoCalendar, days_of
from zaguan.sla.feeds import add_feed, read_due, read_feed, remove_feed
from zaguan.sla.models import Calendar, HolidayFeed
from zaguan.testing.world import World

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
URL = "https://feasts.example/madrid.ics?key=secret"


def _book(*events: str) -> bytes:
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n{text}\r\nEND:VEVENT\r\n" for number, text in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inner}END:VCALENDAR\r\n".encode()


def _days(*events: str) -> list[str]:
    return list(days_of(_book(*events), FIRST, LAST))


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("SUMMARY:One\r\nDTSTART;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260503", ["2026-05-01", "2026-05-02"]),
        ("DTSTART;VALUE=DATE:20260501\r\nDURATION:P2D", ["2026-05-01", "2026-05-02"]),
        # An end before its beginning is a day all the same.
        ("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:19701225\r\nRRULE:FREQ=YEARLY", ["2026-12-25", "2027-12-25", "2028-12-25"]),
        ("DTSTART;VALUE=DATE:20251225\r\nRRULE:FREQ=YEARLY;UNTIL=20271225", ["2026-12-25", "2027-12-25"]),
        ("DTSTART;VALUE=DATE:20251225\r\nRRULE:FREQ=YEARLY;COUNT=2", ["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26", "2027-11-25", "2028-11-23"]),
        ("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271225", ["2026-12-25", "2028-12-25"]),
        ("DTSTART;VALUE=DATE:20260501\r\nRDATE;VALUE=DATE:20260601", ["2026-05-01", "2026-06-01"]),
        # Over the turn of the year before.
        ("DTSTART;VALUE=DATE:20251230\r\nDTEND;VALUE=DATE:20260102", ["2026-01-01"]),
        # Meetings, what was called off, and rules that make no days.
        ("DTSTART:20260501T090000Z\r\nDTEND:20260501T100000Z", []),
        ("DTSTART;VALUE=DATE:20260501\r\nSTATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=SECONDLY", []),
        ("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
        ("SUMMARY:No beginning", []),
    ],
)  # fmt: skip
def test_which_days_a_feed_names(event: str, days: list[str]) -> None:
    assert _days(event) == days


def test_days_have_names() -> None:
    assert days_of(_book("SUMMARY:San Isidro\\, patr\xf3n\r\nDTSTART;VALUE=DATE:20260515"), FIRST, LAST) == {
        "2026-05-15": "San Isidro, patrón"
    }


@pytest.mark.parametrize("content", [b"", b"<html>", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(NoCalendar):
        days_of(content, FIRST, LAST)


@pytest.fixture
def calendar(world: World) -> Calendar:
    week = {str(day): [["09:00", "18:00"]] for day in range(7)}
    return save_calendar(None, by=world.bo, name="Fiestas", zone="UTC", week=week)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the host says; the way there has tests of its own."""
    says: dict[str, Any] = {
        "answer": Answer(200, _book("SUMMARY:Isidro\r\nDTSTART;VALUE=DATE:20260515")),
        "asked": 0,
    }

    def answer(url: str, **more: Any) -> Answer:
        says["asked"] += 1
        if isinstance(says["answer"], Exception):
            raise says["answer"]
        found: Answer = says["answer"]
        return found

    monkeypatch.setattr(feeds, "fetch", answer)
    return says


def _is_open(calendar: Calendar) -> bool:
    return is_open(hours_of(calendar.pk), datetime(2026, 5, 15, 12, tzinfo=UTC))


@pytest.mark.django_db
@time_machine.travel("2026-05-01T08:00:00Z")
def test_a_feed_closes_its_days_until_it_is_removed(
    calendar: Calendar, world: World, site: dict[str, Any]
) -> None:
    feed = read_feed(add_feed(calendar, URL, by=world.bo))
    assert (feed.days, feed.error) == ({"2026-05-15": "Isidro"}, "")
    assert not _is_open(calendar)
    remove_feed(feed, by=world.bo)
    assert _is_open(calendar)


@pytest.mark.django_db
@time_machine.travel("2026-05-01T08:00:00Z")
@pytest.mark.parametrize("trouble", [Unreachable("Gone fishing."), Answer(500, b""), Answer(200, b"<html>")])
def test_what_was_read_stays_while_it_cannot_be_read_again(
    calendar: Calendar, world: World, site: dict[str, Any], trouble: Any
) -> None:
    feed = read_feed(add_feed(calendar, URL, by=world.bo))
    site["answer"] = trouble
    feed = read_feed(feed)
    assert feed.error
    assert feed.days == {"2026-05-15": "Isidro"}
    assert not _is_open(calendar)


@pytest.mark.django_db
def test_feeds_are_read_once_a_day(calendar: Calendar, world: World, site: dict[str, Any]) -> None:
    with time_machine.travel("2026-05-01T08:00:00Z", tick=False) as clock:
        add_feed(calendar, URL, by=world.bo)
        read_due()
        read_due()
        assert site["asked"] == 1
        clock.shift(timedelta(hours=21))
        read_due()
        assert site["asked"] == 2


@pytest.mark.django_db
def test_secrets_of_an_address_stay_out_of_the_history(
    calendar: Calendar, world: World, site: dict[str, Any]
) -> None:
    from zaguan.events.models import EventRecord

    add_feed(calendar, URL, by=world.bo)
    assert HolidayFeed.objects.get().url == URL
    assert "secret" not in str(EventRecord.objects.latest("pk").data)
