"""A preview says what would be refused, unless an earlier step fills in what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from zaguan.automation.steps import checked, previews
from zaguan.people import reference as people
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Category, Phase, Status
from zaguan.tickets.statuses import default_status
from zaguan.tickets.transition_settings import set_needs, set_way
from zaguan.tickets.transitions import NOBODY, Way

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def resolved() -> Status:
    people.forget_all()
    return default_status(Phase.RESOLVED)


def problems(world: World, *rows: tuple[str, dict[str, Any]]) -> list[str]:
    steps = checked([{"action": key, "values": values} for key, values in rows], world.ana)
    return [each.problem for each in previews(steps, make_ticket(world), by=world.ana)]


def test_a_way_that_is_barred_is_told(world: World) -> None:
    set_way(resolved(), None, None, Way(NOBODY), by=world.bo)
    done = ("set_status", {"status": resolved().pk})
    assert problems(world, done) == ["Nobody changes a ticket from “New” to “Completed” by hand."]
    set_way(default_status(Phase.SNOOZED), None, None, Way(NOBODY), by=world.bo)
    people.forget_all()
    assert "Nobody" in problems(world, ("snooze", {"until": "tomorrow"}))[0]


def test_what_an_earlier_step_fills_in_is_not_missing(world: World) -> None:
    set_needs(resolved(), None, ["category"], by=world.bo)
    done = ("set_status", {"status": resolved().pk})
    fill = ("set_category", {"category": Category.objects.earliest("pk").pk})
    assert problems(world, done) == ["For “Completed” this is missing: Category."]
    assert problems(world, done, fill) == ["For “Completed” this is missing: Category.", ""]
    assert problems(world, fill, done) == ["", ""]
