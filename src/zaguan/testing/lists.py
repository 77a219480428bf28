"""Roles, statuses, macros …: the rows that our migrations give to a new desk, brought back after a flush."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython

from zaguan.people.models import Role


def fill_lists() -> None:
    """Fill the lists of a new desk, where a test that commits flushed them away."""
    if Role.objects.exists():
        return
    for fill in _fillings():
        fill(apps, None)


@cache
def _fillings() -> list[Callable[[Any, Any], None]]:
    """Every `fill` of our migrations, in their order. What else runs Python there makes tables, which a flush leaves."""
    graph = MigrationLoader(None).graph
    plan = dict.fromkeys(step for leaf in graph.leaf_nodes() for step in graph.forwards_plan(leaf))
    operations = [
        operation for step in plan if _is_ours(step[0]) for operation in graph.nodes[step].operations
    ]
    runs: list[Any] = [operation.code for operation in operations if isinstance(operation, RunPython)]
    return [code for code in runs if code.__name__ == "fill"]


def _is_ours(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("zaguan.")
