"""Notes from the composer, and whom they may name."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from zaguan.conversations.models import Mention, Message
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true", "Accept": "application/json"}


def test_a_note_stays_inside_and_tells_those_it_names(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    html = f'<p><span data-mention="{world.bo.pk}">@Bo</span> mira</p>'
    answer = signed_in(world.ana).post(f"/desk/tickets/{ticket.pk}/note/", {"note_html": html}, headers=HX)
    assert answer.status_code == 200
    note = Message.objects.get(ticket=ticket)
    assert note.visibility == Message.Visibility.INTERNAL
    assert not note.deliveries.exists()
    assert Mention.objects.get().agent == world.bo


def test_only_colleagues_who_can_read_the_ticket_are_offered(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    found = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/mentions/?q=").json()
    names = {each["label"] for each in found}
    assert "Bo" in names
    assert "Cleo" not in names
    assert "Ana" not in names
