"""Quick rules for tests, and a worker that does what waits."""

from __future__ import annotations

from typing import Any

from zaguan.automation.models import Rule
from zaguan.automation.rules import save_rule, set_active
from zaguan.events.models import Job
from zaguan.events.working import work_off
from zaguan.testing.world import World


def make_rule(world: World, *, name: str = "Regla", active: bool = True, **given: Any) -> Rule:
    """A rule of Bo's, switched on unless told otherwise."""
    despite = given.pop("despite_loops", False)
    rule = save_rule(world.bo, None, name=name, by=world.bo, **given)
    return set_active(world.bo, rule, True, by=world.bo, despite_loops=despite) if active else rule


def work(most: int = 200) -> int:
    """Do all background work that is due; returns how many jobs that was. A failed one fails the test."""
    done = 0
    while count := work_off("test"):
        done += count
        assert done < most * 20, "the work does not end"
        failed = Job.objects.exclude(error="").first()
        assert failed is None, failed.error if failed else ""
    return done
