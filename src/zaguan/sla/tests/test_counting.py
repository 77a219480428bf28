"""The count itself, against a walk minute by minute."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from zaguan.sla.business_time import ALWAYS, Hours, is_open
from zaguan.sla.computing import Judge, compute
from zaguan.sla.facts import Facts, Stay
from zaguan.sla.terms import Target, Terms

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
OFFICE = Hours("America/Bogota", (((8 * 3600, 12 * 3600), (14 * 3600, 18 * 3600)),) * 5 + ((), ()))
SIDES = ("agent", "customer", "third", "nobody")
PAUSES = ["customer", "third", "nobody"]


def life(chance: random.Random) -> tuple[Stay, ...]:
    """Some days on changing sides; the last one lasts."""
    at, stays = MONDAY, []
    for _number in range(chance.randint(1, 9)):
        end = at + timedelta(minutes=chance.randint(1, 900))
        stays.append(Stay(chance.choice(SIDES), at, end, rests=chance.choice(["", "", "", "done"])))
        at = end
    return (*stays, Stay("agent", at, None))


def minute_by_minute(
    stays: tuple[Stay, ...], hours: Hours, minutes: int, pauses: tuple[str, ...]
) -> datetime:
    """When so many minutes have counted."""
    at = MONDAY
    while True:
        stay = next(s for s in stays if s.end is None or at < s.end)
        if not stay.rests and stay.side not in pauses and is_open(hours, at):
            minutes -= 1
        at += timedelta(minutes=1)
        if not minutes:
            return at


@pytest.mark.parametrize("hours", [ALWAYS, OFFICE], ids=["elapsed", "office"])
@pytest.mark.parametrize("seed", range(20))
def test_a_deadline_is_where_a_walk_minute_by_minute_finds_it(hours: Hours, seed: int) -> None:
    chance = random.Random(seed)
    stays, minutes = life(chance), chance.randint(1, 600)
    pauses = tuple(side for side in PAUSES if chance.random() < 0.7)
    # Only the part of the life before it is done counts for what an answer ends; "update" is started anew by reopening.
    terms = Terms(
        1, 1, (Target("resolution", minutes * 60, in_business_time=hours is OFFICE, pauses=pauses),)
    )
    (found,) = compute(Facts(MONDAY, (), (), stays), Judge(terms, hours), MONDAY)
    assert found.due_at == minute_by_minute(stays, hours, minutes, pauses)


def test_a_pause_that_never_ends_breaks_no_promise() -> None:
    stays = (
        Stay("agent", MONDAY, MONDAY + timedelta(minutes=5)),
        Stay("customer", MONDAY + timedelta(minutes=5), None),
    )
    terms = Terms(1, 1, (Target("resolution", 3600, in_business_time=False, pauses=("customer",)),))
    (found,) = compute(
        Facts(MONDAY, (), (), stays), Judge(terms, ALWAYS), MONDAY + timedelta(days=3650), told=True
    )
    assert (found.state, found.due_at, found.left, found.wake_at) == ("paused", None, 3300, None)
    assert [(piece.seconds, piece.cause) for piece in found.pieces] == [(300, ""), (0, "customer")]
