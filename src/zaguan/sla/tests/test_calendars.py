"""Calendars as rows: what their hours come to, and what changes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.sla import public_holidays
from zaguan.sla.business_time import add, between, is_open, next_opening
from zaguan.sla.calendar_book import delete_calendar, make_default, save_calendar, set_archived, set_teams
from zaguan.sla.calendar_days import add_holiday, add_other_hours, remove_holiday, remove_other_hours
from zaguan.sla.calendars import calendar_of_team, default_calendar, hours_of
from zaguan.sla.models import Calendar
from zaguan.sla.spans_of_day import read
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
OFFICE = {str(day): [["09:00", "18:00"]] for day in range(5)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture
def madrid(world: World) -> Calendar:
    return save_calendar(
        None, by=world.bo, name="Madrid", zone="Europe/Madrid", week=OFFICE, country="ES", region="MD"
    )


def test_a_new_desk_works_office_hours_in_its_zone(world: World, settings: Any) -> None:
    calendar = default_calendar()
    assert calendar is not None
    assert calendar.zone == settings.TIME_ZONE
    assert add(hours_of(None), at("2026-11-20T17:00-05:00"), 7200) == at("2026-11-23T10:00-05:00")


def test_public_holidays_of_the_region_close_it(madrid: Calendar) -> None:
    hours = hours_of(madrid.pk)
    assert not is_open(hours, at("2026-12-08T10:00+01:00"))
    assert not is_open(hours, at("2047-12-25T10:00+01:00"))
    assert next_opening(hours, at("2026-12-04T18:00+01:00")) == at("2026-12-09T09:00+01:00")


def test_holidays_are_called_as_the_reader_speaks() -> None:
    with translation.override("es"):
        assert public_holidays.names("ES", "", 2026)[date(2026, 12, 8)] == "Inmaculada Concepción"
    with translation.override("en"):
        assert public_holidays.names("ES", "", 2026)[date(2026, 12, 8)] == "Immaculate Conception"
    with translation.override("pt-br"):
        assert public_holidays.names("BR", "", 2026)[date(2026, 9, 7)] == "Independência do Brasil"


def test_customary_days_close_only_when_wished(world: World) -> None:
    def carnival(optional: bool) -> bool:
        name = f"Rio {optional}"
        found = save_calendar(
            None,
            by=world.bo,
            name=name,
            zone="America/Sao_Paulo",
            week=OFFICE,
            country="BR",
            optional_days=optional,
        )
        return is_open(hours_of(found.pk), at("2026-02-17T10:00-03:00"))

    assert carnival(False)
    assert not carnival(True)


def test_own_holidays_close_once_or_every_year(madrid: Calendar, world: World) -> None:
    once = add_holiday(madrid, day=date(2026, 11, 23), name="Mudanza", by=world.bo)
    add_holiday(madrid, day=date(2026, 11, 24), name="Aniversario", yearly=True, by=world.bo)
    hours = hours_of(madrid.pk)
    open_days = [
        day
        for day in ("2026-11-23", "2027-11-23", "2025-11-24", "2027-11-24")
        if is_open(hours, at(f"{day}T10:00+01:00"))
    ]
    assert open_days == ["2027-11-23", "2025-11-24"]
    remove_holiday(once, by=world.bo)
    assert is_open(hours_of(madrid.pk), at("2026-11-23T10:00+01:00"))


def test_a_single_day_opens_a_holiday_and_a_range_does_not(madrid: Calendar, world: World) -> None:
    add_other_hours(
        madrid, first_day=date(2026, 8, 1), last_day=date(2026, 8, 31), hours=read("8-15"), by=world.bo
    )
    single = add_other_hours(madrid, first_day=date(2026, 8, 15), hours=read("10-12"), by=world.bo)
    hours = hours_of(madrid.pk)
    assert between(hours, at("2026-08-03T00:00+02:00"), at("2026-08-04T00:00+02:00")) == 7 * 3600
    assert between(hours, at("2026-08-08T00:00+02:00"), at("2026-08-10T00:00+02:00")) == 0
    assert between(hours, at("2026-08-15T00:00+02:00"), at("2026-08-16T00:00+02:00")) == 2 * 3600
    remove_other_hours(single, by=world.bo)
    assert not is_open(hours_of(madrid.pk), at("2026-08-15T11:00+02:00"))


def test_a_range_may_name_weekdays_or_close(madrid: Calendar, world: World) -> None:
    add_other_hours(
        madrid,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        weekdays=[5],
        hours=read("10-14"),
        by=world.bo,
    )
    add_other_hours(madrid, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22), hours=[], by=world.bo)
    hours = hours_of(madrid.pk)
    assert is_open(hours, at("2026-11-14T11:00+01:00"))
    assert is_open(hours, at("2026-11-13T11:00+01:00"))
    assert between(hours, at("2026-11-16T00:00+01:00"), at("2026-11-23T00:00+01:00")) == 0


def test_teams_work_by_their_calendar(madrid: Calendar, world: World) -> None:
    set_teams(madrid, [world.support], by=world.bo)
    assert (calendar_of_team(world.support.pk), calendar_of_team(world.sales.pk)) == (madrid.pk, None)
    set_teams(madrid, [], by=world.bo)
    assert calendar_of_team(world.support.pk) is None


def test_a_calendar_in_use_is_neither_archived_nor_deleted(madrid: Calendar, world: World) -> None:
    set_teams(madrid, [world.support], by=world.bo)
    with pytest.raises(Refused, match="Support"):
        set_archived(madrid, True, by=world.bo)
    with pytest.raises(Refused, match="Support"):
        delete_calendar(madrid, by=world.bo)
    set_teams(madrid, [], by=world.bo)
    set_archived(madrid, True, by=world.bo)
    with pytest.raises(Refused):
        make_default(Calendar.objects.get(pk=madrid.pk), by=world.bo)
    delete_calendar(madrid, by=world.bo)
    assert not Calendar.objects.filter(pk=madrid.pk).exists()


def test_the_default_calendar_stays_until_another_is_it(madrid: Calendar, world: World) -> None:
    first = default_calendar()
    assert first is not None
    with pytest.raises(Refused):
        delete_calendar(first, by=world.bo)
    make_default(madrid, by=world.bo)
    assert hours_of(None).zone == "Europe/Madrid"
    delete_calendar(first, by=world.bo)


def test_a_change_says_who_and_what(madrid: Calendar, world: World) -> None:
    save_calendar(madrid, by=world.bo, week=OFFICE | {"5": [["10:00", "14:00"]]}, name="Madrid")
    row = EventRecord.objects.filter(kind="people.SettingChanged").latest("pk")
    assert (row.actor_id, row.data["what"], row.data["id"]) == (world.bo.pk, "calendar", madrid.pk)
    assert row.data["changes"]["week"][1]["5"] == "10:00–14:00"
    assert is_open(hours_of(madrid.pk), at("2026-11-21T11:00+01:00"))
    before = EventRecord.objects.count()
    save_calendar(madrid, by=world.bo, name="Madrid")
    assert EventRecord.objects.count() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"zone": "Europe/Patio"}, "zone"),
        ({"country": "ES", "region": "XX"}, "region"),
        ({"country": "XX"}, "region"),
        ({"week": {"7": []}}, "week"),
        ({"week": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "day_0"),
        ({"week": {"6": [["22:00", "06:00"]], "0": [["05:00", "13:00"]]}}, "day_6"),
        ({"week": {"0": "9-18"}}, "day_0"),
        ({"name": "horario de oficina"}, "name"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    world: World, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        save_calendar(None, by=world.bo, **({"name": "Otro", "zone": "UTC", "week": OFFICE} | values))
    assert refusal.value.field == field


def test_holidays_need_a_name_and_are_named_once(madrid: Calendar, world: World) -> None:
    with pytest.raises(Refused):
        add_holiday(madrid, day=date(2026, 3, 2), name=" ", by=world.bo)
    add_holiday(madrid, day=date(2026, 3, 2), name="Uno", by=world.bo)
    with pytest.raises(Refused):
        add_holiday(madrid, day=date(2026, 3, 2), name="Dos", by=world.bo)
