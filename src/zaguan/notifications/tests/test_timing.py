"""Quiet hours and digests in the agent's own zone, on both days when the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.notifications.models import Wishes
from zaguan.notifications.timing import mail_at, next_digest, quiet_until

MADRID = ZoneInfo("Europe/Madrid")
KOLKATA = ZoneInfo("Asia/Kolkata")
NIGHTS = Wishes(quiet=True, quiet_days=[0, 1, 2, 3, 4, 5, 6], quiet_from=time(22), quiet_to=time(7))
WEEKEND = Wishes(quiet=True, quiet_days=[5, 6], quiet_from=time(0), quiet_to=time(0))


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    """A moment as the clock on the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23T21:59", None),
        ("2026-11-23T22:00", "2026-11-24T07:00"),
        ("2026-11-24T06:59", "2026-11-24T07:00"),
        ("2026-11-24T07:00", None),
        # The night in which the clock goes back has an hour more, the one in spring an hour less.
        ("2026-10-24T23:00", "2026-10-25T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),
    ],
)
def test_a_night_ends_in_the_morning(now: str, end: str | None) -> None:
    assert quiet_until(NIGHTS, MADRID, at(now)) == (at(end) if end else None)


def test_days_that_follow_one_another_are_one_rest() -> None:
    assert quiet_until(WEEKEND, MADRID, at("2026-11-21T10:00")) == at("2026-11-23T00:00")
    assert quiet_until(WEEKEND, MADRID, at("2026-11-20T23:59")) is None


def test_a_rest_that_never_ends_is_no_endless_loop() -> None:
    always = Wishes(quiet=True, quiet_days=list(range(7)), quiet_from=time(0), quiet_to=time(0))
    end = quiet_until(always, MADRID, at("2026-11-21T10:00"))
    assert end is not None
    assert end > at("2026-11-28T00:00")


def test_an_hourly_mail_comes_at_the_full_hour_of_its_zone() -> None:
    hourly = Wishes(digest="hourly")
    assert next_digest(hourly, KOLKATA, at("2026-11-23T10:20", KOLKATA)) == at("2026-11-23T11:00", KOLKATA)


DAILY = Wishes(digest="daily", digest_at=time(2, 30))


def test_the_daily_mail_of_the_hour_that_comes_twice_goes_once() -> None:
    first = next_digest(DAILY, MADRID, at("2026-10-24T12:00"))
    assert first == at("2026-10-25T02:30")
    assert next_digest(DAILY, MADRID, first) == at("2026-10-26T02:30")


def test_the_daily_mail_of_the_hour_that_is_left_out_goes_all_the_same() -> None:
    first = next_digest(DAILY, MADRID, at("2026-03-28T12:00"))
    assert first.astimezone(MADRID).date().isoformat() == "2026-03-29"
    assert next_digest(DAILY, MADRID, first) == at("2026-03-30T02:30")


@given(
    now=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)),  # noqa: DTZ001 (UTC below)
    hour=st.times(),
    zone=st.sampled_from(["America/Sao_Paulo", "Europe/Madrid", "America/Santiago", "Pacific/Apia"]),
)
@settings(max_examples=200, deadline=None)
def test_a_daily_mail_is_always_less_than_a_day_and_an_hour_away(
    now: datetime, hour: time, zone: str
) -> None:
    wishes, moment = Wishes(digest="daily", digest_at=hour), now.replace(tzinfo=UTC)
    wait = next_digest(wishes, ZoneInfo(zone), moment) - moment
    assert timedelta(0) < wait <= timedelta(hours=25)


def test_mail_waits_until_the_rest_is_over() -> None:
    assert mail_at(NIGHTS, MADRID, at("2026-11-23T23:00")) == at("2026-11-24T07:00")
    # It was seven hours after the last one before midnight, but also the first after the working pause.
    rest = at("2026-11-23T09:00")
    assert mail_at(Wishes(), MADRID, at("2026-11-23T05:00"), rest=rest) == rest + timedelta(minutes=2)


def test_a_daily_mail_comes_at_its_hour_even_if_that_is_quiet() -> None:
    both = Wishes(
        quiet=True,
        quiet_days=[0, 1],
        quiet_from=time(22),
        quiet_to=time(7),
        digest="daily",
        digest_at=time(6),
    )
    assert mail_at(both, MADRID, at("2026-11-23T23:00")) == at("2026-11-24T06:00")
