"""Calendars by the API, and time counted by them."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.api.tests.calling import Caller
from zaguan.sla.calendars import default_calendar
from zaguan.sla.models import Calendar, HolidayFeed
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "name": "Madrid",
    "zone": "Europe/Madrid",
    "week": {str(day): [["09:00", "14:00"], ["16:00", "19:00"]] for day in range(5)},
    "country": "ES",
    "region": "MD",
}


@pytest.fixture
def bo(world: World) -> Caller:
    return Caller(world.bo)


def test_a_calendar_is_made_once_changed_and_deleted(world: World, bo: Caller) -> None:
    made = bo.twice("POST", "/calendars", NEW)
    path = f"/calendars/{made['id']}"
    assert Calendar.objects.filter(name="Madrid").count() == 1
    assert made["week"]["6"] == []
    changed = bo("PATCH", path, {"name": "Capital", "archived": True})
    assert (changed["name"], changed["archived"], changed["country"]) == ("Capital", True, "ES")
    assert bo("PATCH", path, {"archived": False})["archived"] is False
    bo("DELETE", path)
    assert not Calendar.objects.filter(pk=made["id"]).exists()


def test_the_default_can_be_handed_on_but_not_dropped(world: World, bo: Caller) -> None:
    made = bo("POST", "/calendars", NEW)
    assert bo("PATCH", f"/calendars/{made['id']}", {"is_default": True})["is_default"]
    chosen = default_calendar()
    assert chosen is not None
    assert chosen.pk == made["id"]
    assert bo.ask("PATCH", f"/calendars/{made['id']}", {"is_default": False}).status_code == 422


def test_days_feeds_and_teams_come_and_go(world: World, bo: Caller) -> None:
    path = f"/calendars/{bo('POST', '/calendars', NEW)['id']}"
    holiday = bo.twice("POST", f"{path}/holidays", {"day": "2026-11-09", "name": "Almudena", "yearly": True})
    other = bo.twice(
        "POST", f"{path}/other-hours", {"first_day": "2026-12-24", "hours": [["09:00", "13:00"]]}
    )
    feed = bo.twice("POST", f"{path}/feeds", {"url": "http://127.0.0.1/a.ics"})
    assert "own network" in feed["error"]
    assert "own network" in bo("POST", f"{path}/feeds/{feed['id']}/read", {})["error"]
    assert bo("PUT", f"{path}/teams", {"teams": [world.support.pk]})["teams"] == [world.support.pk]
    assert bo.ask("DELETE", path).status_code == 422
    found = bo("GET", path)
    assert [len(found[name]) for name in ("holidays", "other_hours", "feeds")] == [1, 1, 1]
    for name, row in (("holidays", holiday), ("other-hours", other), ("feeds", feed)):
        bo("DELETE", f"{path}/{name}/{row['id']}")
        assert bo.ask("DELETE", f"{path}/{name}/{row['id']}").status_code == 404
    assert not HolidayFeed.objects.exists()


def test_days_say_why_they_are_not_like_the_others(world: World, bo: Caller) -> None:
    path = f"/calendars/{bo('POST', '/calendars', NEW)['id']}/days"
    days = bo("GET", f"{path}?first=2026-12-07&count=3")
    assert [(day["hours"], day["name"]) for day in days][1:] == [
        ("", "Immaculate Conception"),
        ("09:00–14:00, 16:00–19:00", ""),
    ]
    assert bo.ask("GET", f"{path}?first=9999-12-31").status_code == 422


def test_time_is_counted_both_ways(world: World, bo: Caller) -> None:
    path = f"/calendars/{bo('POST', '/calendars', NEW)['id']}/time"
    added = bo("GET", f"{path}?start=2026-12-04T18:00:00%2B01:00&add=7200")
    assert added["end"] == "2026-12-09T09:00:00Z"
    assert [span["start"] for span in added["spans"]] == ["2026-12-04T17:00:00Z", "2026-12-09T08:00:00Z"]
    assert added["is_open"]
    between = bo("GET", f"{path}?start=2026-12-04T17:00:00Z&end=2026-12-09T09:00:00Z")
    assert between["seconds"] == 7200
    assert bo("GET", f"{path}?start=2026-12-09T09:00:00Z&add=-7200")["end"] == "2026-12-04T17:00:00Z"


@pytest.mark.parametrize(
    "query",
    [
        "start=2026-12-04T17:00:00Z",
        "start=2026-12-04T17:00:00Z&add=1&end=2026-12-05T17:00:00Z",
        "start=2026-12-04T17:00:00Z&add=5000000001",
        "start=9998-12-04T17:00:00Z&add=100000000",
        "start=0001-01-01T00:00:00Z&add=1",
        "start=2026-12-04T17:00:00&add=1",
    ],
)
def test_a_question_without_an_answer_is_refused(world: World, bo: Caller, query: str) -> None:
    calendar = default_calendar()
    assert calendar is not None
    assert bo.ask("GET", f"/calendars/{calendar.pk}/time?{query}").status_code == 422


def test_agents_read_and_do_not_write(world: World) -> None:
    ana = Caller(world.ana)
    (calendar,) = ana("GET", "/calendars")
    ana("GET", f"/calendars/{calendar['id']}/time?start=2026-12-04T17:00:00Z&add=1")
    assert ana.ask("PATCH", f"/calendars/{calendar['id']}", {"name": "Mine"}).status_code == 403


def test_changes_are_told_with_what_stood_there_before(world: World, bo: Caller) -> None:
    path = f"/calendars/{bo('POST', '/calendars', NEW)['id']}"
    bo("PATCH", path, {"name": "Capital", "week": NEW["week"] | {"5": [["10:00", "14:00"]]}})
    newest, first = bo("GET", f"{path}/changes")
    assert newest["agent"] == world.bo.pk
    assert [(part["old"], part["new"]) for part in newest["changes"]] == [
        ("Madrid", "Capital"),
        ("–", "10:00–14:00"),
    ]
    assert bo("GET", f"{path}/changes?before={newest['id']}") == [first]
