"""Online, busy, away: chosen, until a time, and by silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from zaguan.events.models import EventRecord, Job
from zaguan.events.working import work_off
from zaguan.lib.errors import Refused
from zaguan.people.availability import alive, make_away, present, set_availability
from zaguan.people.capacity import save_capacity, total_of, weight_of
from zaguan.people.models import Agent, Skill
from zaguan.people.skills import languages_of, save_skill, set_abilities
from zaguan.testing.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def fresh(agent: Agent) -> Agent:
    return Agent.objects.get(pk=agent.pk)


def told() -> list[tuple[list[str], bool]]:
    rows = EventRecord.objects.filter(kind="people.AvailabilityChanged").order_by("pk")
    return [(row.data["availability"], row.data["automatic"]) for row in rows]


def is_there(agent: Agent) -> bool:
    return Agent.objects.filter(present(), pk=agent.pk).exists()


def test_each_choice_is_one_event(world: World) -> None:
    set_availability(world.ana, "busy", by=world.ana)
    set_availability(world.ana, "busy", by=world.ana)
    set_availability(world.ana, "online", by=world.ana)
    assert told() == [(["online", "busy"], False), (["busy", "online"], False)]
    assert is_there(world.ana)


def test_who_never_was_here_is_not_there(world: World) -> None:
    assert not is_there(world.ana)
    alive(world.ana)
    assert is_there(world.ana)
    assert told() == [(["away", "online"], True)]


def test_silence_makes_away_and_a_sign_of_life_brings_back(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_availability(world.ana, "busy", by=world.ana)
        clock.shift(timedelta(minutes=10))
        alive(fresh(world.ana))
        clock.shift(timedelta(minutes=10))
        make_away(world.ana.pk)
        assert fresh(world.ana).availability == "busy"
        clock.shift(timedelta(minutes=6))
        work_off("test")
        assert (fresh(world.ana).availability, fresh(world.ana).returns_to) == ("away", "busy")
        alive(fresh(world.ana))
    assert fresh(world.ana).availability == "busy"
    assert told()[-2:] == [(["busy", "away"], True), (["away", "busy"], True)]


def test_who_chose_to_be_away_stays_away_while_they_move_the_mouse(world: World) -> None:
    set_availability(world.ana, "away", by=world.ana)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        alive(fresh(world.ana))
    assert fresh(world.ana).availability == "away"


def test_away_until_comes_back_by_itself(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_availability(world.ana, "away", by=world.ana, until=timezone.now() + timedelta(minutes=30))
        clock.shift(timedelta(minutes=29))
        alive(fresh(world.ana))
        clock.shift(timedelta(minutes=2))
        work_off("test")
        assert fresh(world.ana).availability == "online"
        assert fresh(world.ana).availability_until is None


def test_away_until_waits_for_a_browser_when_there_is_none(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_availability(world.ana, "away", by=world.ana, until=timezone.now() + timedelta(hours=2))
        clock.shift(timedelta(hours=3))
        work_off("test")
        assert fresh(world.ana).availability == "away"
        alive(fresh(world.ana))
        assert fresh(world.ana).availability == "online"


def test_another_choice_forgets_the_time(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_availability(world.ana, "away", by=world.ana, until=timezone.now() + timedelta(minutes=5))
        set_availability(world.ana, "away", by=world.ana)
        clock.shift(timedelta(minutes=6))
        work_off("test")
    assert fresh(world.ana).availability == "away"


def test_nonsense_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        set_availability(world.ana, "asleep", by=world.ana)
    with pytest.raises(Refused):
        set_availability(world.ana, "away", by=world.ana, until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        set_availability(world.ana, "online", by=world.ana, until=timezone.now() + timedelta(minutes=1))


def test_nobody_is_made_away_when_that_is_off(world: World) -> None:
    save_capacity(by=world.bo, away_after_minutes=0)
    set_availability(world.ana, "online", by=world.ana)
    assert not Job.objects.filter(task="people.made_away_by_silence").exists()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        make_away(world.ana.pk)
        assert is_there(world.ana)


def test_weights_and_totals(world: World) -> None:
    assert (weight_of("chat"), weight_of("email"), weight_of("pigeon"), total_of(world.ana)) == (
        100,
        20,
        20,
        500,
    )
    save_capacity(by=world.bo, weights={"pigeon": 300}, other=10, total=800)
    assert (weight_of("pigeon"), weight_of("email"), total_of(world.ana)) == (300, 10, 800)
    set_abilities(world.ana, capacity=50, by=world.bo)
    assert total_of(fresh(world.ana)) == 50
    set_abilities(world.ana, capacity=None, by=world.bo)
    assert total_of(fresh(world.ana)) == 800
    with pytest.raises(Refused):
        save_capacity(by=world.bo, total=-1)


def test_skills_and_languages(world: World) -> None:
    skill = save_skill(None, name="Billing", by=world.bo)
    with pytest.raises(Refused):
        save_skill(None, name="billing ", by=world.bo)
    assert languages_of(world.ana) == ["en"]
    set_abilities(world.ana, skills={skill.pk: 3}, languages=["pt-BR", "es", "pt"], by=world.bo)
    assert languages_of(fresh(world.ana)) == ["pt", "es"]
    changes = EventRecord.objects.filter(kind="people.AgentChanged").latest("pk").data["changes"]
    assert changes == {"languages": [[], ["pt", "es"]], "skills": ["", "Billing"]}
    with pytest.raises(Refused):
        set_abilities(world.ana, skills={skill.pk: 9}, by=world.bo)
    with pytest.raises(Refused):
        set_abilities(world.ana, languages=["klingon"], by=world.bo)
    assert Skill.objects.visible_to(world.ana).count() == 1
