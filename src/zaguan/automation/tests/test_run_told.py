"""Whoever started a long run hears in their bell that it has ended."""

from __future__ import annotations

import pytest

from zaguan.automation.base import action_named
from zaguan.automation.runs import AT_ONCE, start_run
from zaguan.automation.steps import Step
from zaguan.events.working import work_off
from zaguan.notifications.models import Notification
from zaguan.notifications.wording import place_of, sentence
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("count", "told"), [(AT_ONCE + 1, 1), (2, 0)])
def test_who_started_a_long_run_hears_that_it_ended(world: World, count: int, told: int) -> None:
    numbers = [make_ticket(world).pk for _ in range(count)]
    step = Step(action_named("set_important"), {"important": True})
    run = start_run(numbers, [step], by=world.ana)
    while work_off("test"):
        pass
    rows = list(Notification.objects.filter(agent=world.ana, kind="finished"))
    assert len(rows) == told
    for row in rows:
        assert str(count) in sentence(row)
        assert place_of(row) == f"/desk/runs/{run.pk}/"
