"""The tabs of a ticket's page: few before the eyes, all by a key, each by its address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.desk.ticket.tab_register import BESIDE, tabs_for
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit

SignIn = Callable[[Agent], Client]


def _get(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _strip(page: str) -> str:
    return page[page.index('<nav class="tabs"') : page.index("</nav>", page.index('<nav class="tabs"'))]


def test_every_tab_opens_by_its_address_and_as_a_part(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world, "Hola")
    client = signed_in(world.bo)
    for tab in tabs_for(world.bo):
        address = f"/desk/tickets/{ticket.pk}/?tab={tab.key}"
        whole = _get(client, address)
        assert 'aria-current="page"' in _strip(whole), tab.key
        assert f"tab={tab.key}" in _strip(whole)
        part = _get(client, f"{address}&part=panel", **{"HX-Request": "true"})
        assert part.lstrip().startswith("<aside"), tab.key
        assert _get(client, f"{address}&part=live")
        assert ('id="thread"' in whole) is not tab.wide


def test_the_strip_is_short_and_remembers(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client = signed_in(world.ana)
    assert "tab=assignments" not in _strip(_get(client, f"/desk/tickets/{ticket.pk}/"))
    _get(client, f"/desk/tickets/{ticket.pk}/?tab=assignments")
    strip = _strip(_get(client, f"/desk/tickets/{ticket.pk}/"))
    assert "tab=assignments" in strip
    assert strip.count("<a ") == 1 + BESIDE
    # Another agent keeps their own.
    assert "tab=assignments" not in _strip(_get(signed_in(world.bo), f"/desk/tickets/{ticket.pk}/"))


def test_an_unknown_tab_is_the_ticket(world: World, signed_in: SignIn) -> None:
    page = _get(signed_in(world.ana), f"/desk/tickets/{make_ticket(world).pk}/?tab=nonsense")
    assert "acc-details" in page


def test_changes_are_narrowed_to_a_person(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    edit(ticket, by=world.ana, subject="De Ana")
    edit(ticket, by=world.bo, subject="De Bo")
    client = signed_in(world.ana)
    page = _get(client, f"/desk/tickets/{ticket.pk}/?tab=changes&part=panel")
    assert f'<option value="{world.bo.pk}">Bo</option>' in page
    narrowed = _get(client, f"/desk/tickets/{ticket.pk}/?tab=changes&by={world.ana.pk}&part=panel")
    assert "<ins>De Ana</ins>" in narrowed
    assert "<ins>De Bo</ins>" not in narrowed


def test_counts_are_asked_for_alone(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client = signed_in(world.ana)
    answer = client.get(f"/desk/tickets/{ticket.pk}/tabs/")
    assert all(isinstance(number, int) for number in answer.json().values())
    assert signed_in(world.cleo).get(f"/desk/tickets/{ticket.pk}/tabs/").status_code == 404


@pytest.mark.parametrize("theirs", [{"tabs": "x"}, {"tabs": [1, None]}, {}])
def test_odd_preferences_do_no_harm(world: World, signed_in: SignIn, theirs: dict[str, object]) -> None:
    world.ana.preferences = theirs
    world.ana.save(update_fields=["preferences"])
    assert "acc-details" in _get(signed_in(world.ana), f"/desk/tickets/{make_ticket(world).pk}/")
