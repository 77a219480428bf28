"""Settings → Calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from zaguan.people.models import Agent
from zaguan.sla.calendar_book import save_calendar
from zaguan.sla.calendars import calendar_of_team, default_calendar
from zaguan.sla.models import Calendar
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/calendars/"
WEEK = {"name": "Soporte", "zone": "Europe/Madrid", "day_0": "9-14, 16-19", "day_4": "9-14", "country": "ES"}


@pytest.fixture
def bo(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    return signed_in(world.bo)


@pytest.fixture
def calendar(world: World) -> Calendar:
    week = {str(day): [["09:00", "18:00"]] for day in range(5)}
    return save_calendar(None, by=world.bo, name="Madrid", zone="Europe/Madrid", week=week, country="ES")


def _shown(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def test_a_calendar_is_made_and_changed(bo: Client) -> None:
    bo.post(f"{PAGE}new/", WEEK | {"section": "week"})
    made = Calendar.objects.get(name="Soporte")
    assert made.week["0"] == [["09:00", "14:00"], ["16:00", "19:00"]]
    bo.post(f"{PAGE}{made.pk}/", WEEK | {"section": "week", "region": "MD", "optional_days": "on"})
    made.refresh_from_db()
    assert (made.region, made.optional_days) == ("MD", True)
    assert "Soporte" in _shown(bo)


def test_what_was_typed_wrong_stays_with_a_word_beside_it(bo: Client) -> None:
    page = bo.post(f"{PAGE}new/", WEEK | {"section": "week", "day_2": "9-99"}).content.decode()
    assert "9-99" in page
    assert "“99” is not a time" in page
    assert not Calendar.objects.filter(name="Soporte").exists()


def test_the_regions_of_another_country_are_offered_before_anything_is_saved(
    bo: Client, calendar: Calendar
) -> None:
    sent = WEEK | {"section": "week", "country": "BR", "do": "regions"}
    page = bo.post(f"{PAGE}{calendar.pk}/", sent).content.decode()
    assert 'value="SP"' in page
    calendar.refresh_from_db()
    assert (calendar.name, calendar.country) == ("Madrid", "ES")
    bo.post(f"{PAGE}{calendar.pk}/", WEEK | {"section": "week", "country": "BR", "region": "MD"})
    calendar.refresh_from_db()
    assert (calendar.country, calendar.region) == ("BR", "")


@time_machine.travel("2026-12-01T11:00:00Z")
def test_the_page_shows_what_comes(bo: Client, calendar: Calendar) -> None:
    page = _shown(bo, f"{PAGE}{calendar.pk}/")
    assert "Open now, until 18:00 today." in page
    assert "Tue 8 Dec 2026" in page
    assert "Immaculate Conception" in page
    with time_machine.travel("2026-12-04T17:00:00Z"):
        assert "Closed now. Opens Mon 7 Dec 2026, 09:00." in _shown(bo, f"{PAGE}{calendar.pk}/")


def test_holidays_and_other_hours_come_and_go(bo: Client, calendar: Calendar) -> None:
    page = f"{PAGE}{calendar.pk}/"
    bo.post(page, {"section": "holiday", "day": "2026-11-09", "name": "La Almudena", "yearly": "on"})
    bo.post(page, {"section": "hours", "first_day": "2026-08-01", "last_day": "2026-08-31", "hours": "8-15"})
    (holiday,), (other,) = calendar.holidays.all(), calendar.exceptions.all()
    assert holiday.yearly
    assert (other.hours, other.last_day) == ([["08:00", "15:00"]], date(2026, 8, 31))
    assert "La Almudena" in _shown(bo, page)
    again = bo.post(page, {"section": "holiday", "day": "2026-11-09", "name": "Otra"}).content.decode()
    assert "This day is a holiday already." in again
    bo.post(f"{page}change/", {"do": "remove-holiday", "row": holiday.pk})
    bo.post(f"{page}change/", {"do": "remove-hours", "row": other.pk})
    assert not calendar.holidays.exists()
    assert not calendar.exceptions.exists()


def test_a_feed_that_cannot_be_read_says_why(bo: Client, calendar: Calendar) -> None:
    page = f"{PAGE}{calendar.pk}/"
    bo.post(page, {"section": "feed", "url": "http://127.0.0.1/holidays.ics"})
    assert "127.0.0.1 is in the own network" in _shown(bo, page)
    assert "127.0.0.1 is in the own network" in _shown(bo)
    (feed,) = calendar.feeds.all()
    bo.post(f"{page}change/", {"do": "remove-feed", "row": feed.pk})
    assert not calendar.feeds.exists()


def test_teams_default_and_the_end_of_a_calendar(bo: Client, calendar: Calendar, world: World) -> None:
    page = f"{PAGE}{calendar.pk}/"
    bo.post(page, {"section": "teams", "teams": [world.support.pk]})
    assert calendar_of_team(world.support.pk) == calendar.pk
    assert "team Support" in _shown(bo, page)
    bo.post(f"{page}change/", {"do": "delete"})
    assert Calendar.objects.filter(pk=calendar.pk).exists()
    bo.post(page, {"section": "teams"})
    first = default_calendar()
    bo.post(f"{page}change/", {"do": "default"})
    now = default_calendar()
    assert first is not None
    assert now is not None
    assert now.pk == calendar.pk
    bo.post(f"{PAGE}{first.pk}/change/", {"do": "archive"})
    first.refresh_from_db()
    assert first.archived_at is not None
    bo.post(f"{PAGE}{first.pk}/change/", {"do": "delete"})
    assert not Calendar.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    "sent", [{"do": "nothing"}, {"do": "remove-holiday", "row": "7"}, {"do": "remove-feed"}]
)
def test_what_is_not_there_is_not_found(bo: Client, calendar: Calendar, sent: dict[str, Any]) -> None:
    assert bo.post(f"{PAGE}{calendar.pk}/change/", sent).status_code == 404


def test_an_agent_without_the_permission_sees_no_settings_of_it(
    world: World, signed_in: Callable[[Agent], Client], calendar: Calendar
) -> None:
    ana = signed_in(world.ana)
    assert ana.get(PAGE).status_code == 403
    assert ana.post(f"{PAGE}{calendar.pk}/change/", {"do": "default"}).status_code == 403


def test_the_page_tells_who_changed_what(bo: Client, calendar: Calendar, world: World) -> None:
    save_calendar(calendar, by=world.bo, week=calendar.week | {"4": [["09:00", "15:00"]]})
    page = _shown(bo, f"{PAGE}{calendar.pk}/")
    assert "<del>09:00–18:00</del> <ins>09:00–15:00</ins>" in page
