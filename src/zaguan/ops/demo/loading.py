"""Load the demo desk into an empty installation, telling how far it is."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from zaguan.ops.demo.casting import Cast, make_cast
from zaguan.ops.demo.clock import clock_at
from zaguan.ops.demo.distributing import distribute
from zaguan.ops.demo.furnishing import furnish
from zaguan.ops.demo.promises import let_time_pass, wait_today
from zaguan.ops.demo.staging import Stage, make_items, stage_one
from zaguan.ops.demo.telling import Story, mark_read, tell
from zaguan.ops.demo.working import work
from zaguan.people.models import Agent

FOLDER = Path(__file__).parent
TICKETS = 200
DAYS = 90


def read(name: str) -> dict[str, Any]:
    """One of the demo's files."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def load_demo(say: Callable[[str], None] = print) -> bool:
    """Fill an installation that has no agents yet; returns False, changing nothing, for any other."""
    if Agent.objects.exists():
        return False
    chance = random.Random(1704)  # noqa: S311 (the same demo for everybody)
    with translation.override("es"), transaction.atomic():
        say("people, teams and inboxes")
        with clock_at(timezone.now() - timedelta(days=DAYS + 5)):
            cast = make_cast(read("cast.toml"), chance)
            catalogue = read("catalogue.toml")
            stage = Stage(cast, furnish(cast, catalogue))
            distribute(cast, read("distribution.toml"))
            make_items(stage)
        _tickets(stage, chance, say)
        say("hours and plans")
        work(stage, catalogue, random.Random(1705))  # noqa: S311
        wait_today(cast)
        let_time_pass()
        mark_read(cast, chance)
    return True


def _tickets(stage: Stage, chance: random.Random, say: Callable[[str], None]) -> None:
    """Conversations and, each at its time among them, the tickets that hang together."""
    talks, scenes = read("conversations.toml")["talks"], read("scenes.toml")["scenes"]
    for index, age in enumerate(_ages(chance)):
        if index % 50 == 0:
            say(f"conversations {index} of {TICKETS}")
        while scenes and timedelta(days=scenes[0]["days"]) > age:
            _scene(stage, scenes.pop(0))
        _one(stage.cast, talks[index % len(talks)], age, chance)
    for scene in scenes:
        _scene(stage, scene)


def _scene(stage: Stage, scene: dict[str, Any]) -> None:
    with clock_at(timezone.now() - timedelta(days=scene["days"])) as clock:
        stage_one(stage, scene, clock)


def _ages(chance: random.Random) -> list[timedelta]:
    """How long ago each conversation began, oldest first; more of them lately."""
    hours = sorted((DAYS * 24 * chance.random() ** 1.6 + 0.05 for _ in range(TICKETS)), reverse=True)
    return [timedelta(hours=h) for h in hours]


def _one(cast: Cast, talk: dict[str, Any], age: timedelta, chance: random.Random) -> None:
    started = timezone.now() - age
    with clock_at(started) as clock:
        tell(Story(cast=cast, talk=talk, age=age, chance=chance, clock=clock))
