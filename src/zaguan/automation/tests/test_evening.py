"""Evening out: what nobody has touched goes from the fullest to somebody who has much less, explained, once, and braked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from zaguan.automation import routing_evening
from zaguan.automation.models import Route
from zaguan.automation.routing_routes import save_route
from zaguan.automation.tests.test_routing import _in_english, mia, owner, put, route, settle, why
from zaguan.conversations.drafting import save_draft
from zaguan.conversations.seeing import mark_seen
from zaguan.people.availability import set_availability
from zaguan.people.models import Agent
from zaguan.people.skills import set_abilities
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import edit
from zaguan.tickets.history import feed
from zaguan.tickets.models import Phase, Ticket

__all__ = ["_in_english", "mia"]


@pytest.fixture
def full(world: World, mia: Agent) -> list[Ticket]:
    """A route that evens out gave Ana four tickets while Mia was away, some time ago; now Mia is back with nothing."""
    set_availability(mia, "away", by=mia)
    route(world, is_sticky=False, evens_out=True)
    tickets = [make_ticket(world) for _each in range(4)]
    settle()
    return tickets


@pytest.fixture
def later(mia: Agent) -> Any:
    """Ten minutes on, and Mia comes."""
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False) as clock:
        yield clock


def come(agent: Agent) -> None:
    set_availability(agent, "online", by=agent)
    settle()


def owners(tickets: list[Ticket]) -> list[str]:
    settle()
    return [owner(ticket) for ticket in tickets]


def test_half_of_it_goes_and_the_history_says_why(
    world: World, mia: Agent, full: list[Ticket], later: Any
) -> None:
    come(mia)
    assert sorted(owners(full)) == ["Ana", "Ana", "Mia", "Mia"]
    assert owners(full)[:2] == ["Ana", "Ana"], "what Ana would come to last goes"
    told = feed(full[3], viewer=world.bo).entries[0].sentence
    assert told == (
        "“Support” moved the ticket from Ana to Mia: 0.8 places taken against 0, and nobody had touched it."
    )


def test_a_difference_of_one_ticket_is_none(world: World, mia: Agent, later: Any) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=10), tick=False):
        set_availability(mia, "away", by=mia)
        route(world, is_sticky=False, evens_out=True)
        ticket = make_ticket(world)
        settle()
    come(mia)
    assert owner(ticket) == "Ana"


def test_it_is_off_until_somebody_switches_it_on(
    world: World, mia: Agent, full: list[Ticket], later: Any
) -> None:
    assert Route().evens_out is False
    save_route(Route.objects.get(), evens_out=False, by=world.bo)
    come(mia)
    assert set(owners(full)) == {"Ana"}


def _open(world: World, ticket: Ticket) -> None:
    mark_seen(world.ana, ticket)


def _draft(world: World, ticket: Ticket) -> None:
    save_draft(world.ana, ticket, "reply", html="<p>Hola</p>")


def _touch(world: World, ticket: Ticket) -> None:
    edit(ticket.pk, is_important=True, by=world.ana)


def _by_hand(world: World, ticket: Ticket) -> None:
    assign(ticket.pk, None, by=world.bo)
    assign(ticket.pk, world.ana, by=world.bo)


@pytest.mark.parametrize("touch", [_open, _draft, _touch, _by_hand])
def test_what_somebody_has_touched_stays(
    world: World, mia: Agent, full: list[Ticket], later: Any, touch: Callable[[World, Ticket], None]
) -> None:
    for ticket in full:
        touch(world, ticket)
    come(mia)
    assert set(owners(full)) == {"Ana"}


def test_what_has_just_come_goes_when_it_has_lain_a_while(
    world: World, mia: Agent, full: list[Ticket]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come(mia)
        assert set(owners(full)) == {"Ana"}
        clock.shift(timedelta(minutes=6))
        assert sorted(owners(full)) == ["Ana", "Ana", "Mia", "Mia"]


def test_it_goes_once_and_to_who_can_do_it(world: World, mia: Agent, full: list[Ticket], later: Any) -> None:
    set_abilities(world.ana, languages=["pt"], by=world.bo)
    set_abilities(mia, languages=["es"], by=world.bo)
    world.dan.language = "pt"
    world.dan.save()
    come(mia)
    assert set(owners(full)) == {"Ana"}
    set_abilities(mia, languages=["pt"], by=world.bo)
    assert sorted(owners(full)) == ["Ana", "Ana", "Mia", "Mia"]
    assert "speaks Portuguese" in why(full[3])
    for ticket in full[:2]:
        put(ticket, Phase.RESOLVED, world.ana)
    assert sorted(owners(full)) == ["Ana", "Ana", "Mia", "Mia"], "none comes back"


def test_the_brake(
    world: World, mia: Agent, full: list[Ticket], later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing_evening, "MOST_AN_HOUR", 1)
    come(mia)
    assert owners(full).count("Mia") == 1
    set_availability(mia, "away", by=mia)
    later.shift(timedelta(hours=1))
    come(mia)
    assert owners(full).count("Mia") == 2
