"""The history of a calendar and of a policy, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from zaguan.sla.calendar_book import make_default, save_calendar, set_teams
from zaguan.sla.calendar_days import add_holiday, add_other_hours, remove_holiday
from zaguan.sla.changes import NOTHING, Part, changes_of
from zaguan.sla.models import Calendar, Policy
from zaguan.sla.policies import save_policy, set_active
from zaguan.sla.tests.promising import target
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def parts(row: Calendar | Policy) -> list[tuple[Part, ...]]:
    return [change.parts for change in changes_of(row)]


def test_a_week_is_told_by_the_days_that_differ(world: World) -> None:
    hours = [["09:00", "14:00"], ["16:00", "19:00"]]
    week = {str(day): hours for day in range(5)}
    calendar = save_calendar(None, by=world.bo, name="Madrid", zone="Europe/Madrid", week=week)
    save_calendar(calendar, by=world.bo, week=week | {"4": [["09:00", "15:00"]], "5": [["10:00", "14:00"]]})
    newest, first = changes_of(calendar)
    assert (newest.who, newest.agent_id) == ("Bo", world.bo.pk)
    assert newest.parts == (
        Part("Friday", "09:00–14:00, 16:00–19:00", "09:00–15:00"),
        Part("Saturday", NOTHING, "10:00–14:00"),
    )
    assert Part("Name", NOTHING, "Madrid") in first.parts


def test_days_teams_country_and_default_are_told_as_people_say_them(world: World) -> None:
    calendar = save_calendar(None, by=world.bo, name="Madrid", country="ES")
    fair = add_holiday(calendar, day=date(2026, 12, 8), name="Feria", by=world.bo)
    remove_holiday(fair, by=world.bo)
    add_other_hours(
        calendar,
        first_day=date(2026, 8, 1),
        last_day=date(2026, 8, 31),
        hours=[["08:00", "15:00"]],
        by=world.bo,
    )
    save_calendar(calendar, by=world.bo, region="MD")
    set_teams(calendar, [world.support], by=world.bo)
    make_default(calendar, by=world.bo)
    assert parts(calendar)[:-1] == [
        (Part("Default", "No", "Yes"),),
        (Part("Teams", NOTHING, "Support"),),
        (Part("Region", NOTHING, "Madrid"),),
        (Part("Other hours", NOTHING, "Sat 1 Aug 2026 – Mon 31 Aug 2026: 08:00–15:00"),),
        (Part("Holiday", "Tue 8 Dec 2026: Feria", NOTHING),),
        (Part("Holiday", NOTHING, "Tue 8 Dec 2026: Feria"),),
    ]


def test_a_policy_tells_its_targets(world: World) -> None:
    policy = save_policy(None, by=world.bo, name="Patio", targets=[target("first", 4)])
    set_active(policy, True, by=world.bo)
    targets = [target("first", 2, in_business_time=True, pauses=["customer"]), target("resolution", 16)]
    save_policy(policy, by=world.bo, name="Patio", query="channel:email", targets=targets)
    newest, active, first = parts(policy)
    assert active == (Part("Active", "No", "Yes"),)
    assert newest == (
        Part("Filter", NOTHING, "channel:email"),
        Part(
            "First answer",
            "4 h · all time · warns at 75 %",
            "2 h · opening time · pauses: Waiting on the customer · warns at 75 %",
        ),
        Part("Resolution", NOTHING, "16 h · all time · warns at 75 %"),
    )
    assert first == ()


def test_one_history_holds_nothing_of_another_and_goes_on_below(world: World) -> None:
    one, other = (save_calendar(None, by=world.bo, name=name) for name in ("Uno", "Dos"))
    save_calendar(one, by=world.bo, name="Uno 1")
    (newest,) = changes_of(one, count=1)
    assert newest.parts == (Part("Name", "Uno", "Uno 1"),)
    (below,) = changes_of(one, before=newest.id)
    assert below.parts[0].new == "Uno"
    assert len(changes_of(other)) == 1
