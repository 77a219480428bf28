"""The tab History: one list over a ticket and those around it, on the desk and by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.api.tests.test_tickets import Caller
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import link
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

SignIn = Callable[[Agent], Client]


@pytest.fixture
def parent(world: World) -> Ticket:
    """With a child that was solved, and a relative that Ana does not see."""
    made, child = make_ticket(world, subject="Kitchen"), make_ticket(world, subject="Sink")
    secret = make_ticket(world, subject="Secret plan", team=world.sales)
    link(made, child, "child", by=world.ana)
    link(made, secret, "related", by=world.bo)
    make_message(child, world, "It drips")
    make_message(secret, world, "Secret words")
    set_status(child, default_status(Phase.RESOLVED), by=world.bo, reason="New seal")
    return made


def test_the_tab_tells_what_was_said_and_how_it_was_solved(
    world: World, signed_in: SignIn, parent: Ticket
) -> None:
    browser, base = signed_in(world.ana), f"/desk/tickets/{parent.pk}/?tab=family_history"
    page = browser.get(base).content.decode()
    for words in ("It drips", "New seal", "Bo", "Child", "Sink", "Tickets that you may not see: 1"):
        assert words in page
    assert "Secret" not in page
    assert "New seal" in browser.get(f"{base}&way=solved").content.decode()
    assert "It drips" not in browser.get(f"{base}&way=solved").content.decode()
    assert "Nothing matches" in browser.get(f"{base}&way=out").content.decode()
    assert "Nothing matches" in browser.get(f"{base}&only={parent.pk}").content.decode()


def test_a_ticket_alone_says_that_nothing_was_exchanged(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    page = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/?tab=family_history").content.decode()
    assert "Nothing was exchanged yet" in page


def test_the_same_by_api_page_by_page(world: World, parent: Ticket) -> None:
    path = f"/tickets/{parent.pk}/family-history"
    answer = Caller(world.ana).get(path).json()
    assert [item["kind"] for item in answer["items"]] == ["solution", "message"]
    assert (answer["hidden"], len(answer["tickets"])) == (1, 2)
    assert answer["items"][0]["agent"]["name"] == "Bo"
    first = Caller(world.ana).get(f"{path}?size=1").json()
    second = Caller(world.ana).get(f"{path}?size=1&cursor={first['next_cursor']}").json()
    assert first["items"] + second["items"] == answer["items"]
    assert second["next_cursor"] is None
    assert Caller(world.cleo).get(path).status_code == 404
