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
from zaguan.ops.demo.telling import Story, mark_read, tell
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
        talks = read("conversations.toml")["talks"]
        for index, age in enumerate(_ages(chance)):
            if index % 50 == 0:
                say(f"conversations {index} of {TICKETS}")
            _one(cast, talks[index % len(talks)], age, chance)
        mark_read(cast, chance)
    return True


def _ages(chance: random.Random) -> list[timedelta]:
    """How long ago each conversation began, oldest first; more of them lately."""
    hours = sorted((DAYS * 24 * chance.random() ** 1.6 + 0.05 for _ in range(TICKETS)), reverse=True)
    return [timedelta(hours=h) for h in hours]


def _one(cast: Cast, talk: dict[str, Any], age: timedelta, chance: random.Random) -> None:
    started = timezone.now() - age
    with clock_at(started) as clock:
        tell(Story(cast=cast, talk=talk, age=age, chance=chance, clock=clock))
