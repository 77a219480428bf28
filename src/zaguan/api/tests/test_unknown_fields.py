"""A field that a body does not take is refused by its name, with the one that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.api.tests.calling import Caller, said
from zaguan.sla.models import Policy
from zaguan.sla.tests.promising import make_policy
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


def _refused(answer: Any) -> tuple[str, str]:
    assert answer.status_code == 422
    problem = said(answer)
    return problem["field"], problem["title"]


def test_a_misspelt_field_is_refused_with_the_nearest_one(world: World) -> None:
    policy = make_policy()
    ask = Caller(world.bo).ask
    field, title = _refused(ask("PATCH", f"/sla/policies/{policy.pk}", {"is_active": False}))
    assert field == "is_active"
    assert "“is_active”" in title
    assert "“active”" in title
    assert Policy.objects.get(pk=policy.pk).is_active
    assert ask("PATCH", f"/sla/policies/{policy.pk}", {"active": False}).status_code == 200
    assert not Policy.objects.get(pk=policy.pk).is_active


def test_what_is_like_nothing_is_told_what_there_is(world: World) -> None:
    _field, title = _refused(Caller(world.bo).ask("POST", "/views", {"name": "Mías", "xyz": 1}))
    assert "name, query, order, team, everybody" in title


def test_fields_within_fields_are_named_by_their_place(world: World) -> None:
    body = {"name": "Oro", "targets": [{"kind": "first", "seconds": 3600}, {"kind": "next", "second": 60}]}
    field, title = _refused(Caller(world.bo).ask("POST", "/sla/policies", body))
    assert field == "targets.1.second"
    assert "“seconds”" in title
    assert not Policy.objects.filter(name="Oro").exists()


def test_names_that_people_make_themselves_are_looked_at_elsewhere(world: World) -> None:
    targets = [{"kind": "first", "seconds": 3600, "by_urgency": {"1": 60}}]
    answer = Caller(world.bo).ask("POST", "/sla/policies", {"name": "Oro", "targets": targets})
    assert "by_urgency" not in said(answer).get("title", "")
