"""What the form of a new ticket begins with, and what it says while it is filled in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.people.models import Agent, Contact
from zaguan.testing.world import World
from zaguan.tickets.models import Template

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true", "Accept": "application/json"}


def test_the_agents_own_team_is_preset_even_in_a_draft_without_one(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    preset = f'<option value="{world.support.pk}" selected'
    assert preset in client.get("/desk/tickets/new/").content.decode()
    client.post("/desk/tickets/new/draft/", {"team": "", "subject": "A medias"}, headers=HX)
    page = client.get("/desk/tickets/new/").content.decode()
    assert ("A medias" in page, preset in page) == (True, True)


def test_no_template_looks_applied_before_one_is(world: World, signed_in: SignIn) -> None:
    made = Template.objects.create(name="Tóner", owner=world.ana, values={})
    client = signed_in(world.ana)
    first = '<option value="" selected>Choose a template</option>'
    assert first in client.get("/desk/tickets/new/").content.decode()
    assert first not in client.get(f"/desk/tickets/new/?template={made.pk}").content.decode()


@pytest.mark.parametrize(
    ("typed", "is_new"),
    [
        ("Dan Díaz <DAN@customer.example>", False),
        ("nueva@customer.example", True),
        ("Ana Gil +57 601 234 5678", True),
        ("nobody at all", False),
        ("", False),
    ],
)
def test_it_is_said_that_a_contact_will_be_made(
    world: World, signed_in: SignIn, typed: str, is_new: bool
) -> None:
    client, people = signed_in(world.ana), Contact.objects.count()
    said = client.get("/desk/tickets/new/requester/", {"requester": typed}).content.decode()
    assert said == ("A new contact will be made." if is_new else "")
    page = client.get("/desk/tickets/new/", {"requester": typed}).content.decode()
    assert ("A new contact will be made." in page) is is_new
    assert Contact.objects.count() == people
