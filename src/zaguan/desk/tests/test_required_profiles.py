"""What must be known about a contact or an organisation is asked when one is made by hand, and never of mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from zaguan.conversations.receiving import receive
from zaguan.conversations.tests.mails import a_mail
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.people.profiles import by_key, save_field
from zaguan.people.tokens import create_token
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    plans = [{"name": "Oro"}, {"name": "Plata"}]
    save_field(
        "contact", None, by=world.bo, name="Plan", format="list", options=plans, needed_from_agent=True
    )
    save_field("organisation", None, by=world.bo, name="Empleados", format="number", needed_from_agent=True)
    return signed_in(world.ana)


def _call(world: World, path: str, **body: Any) -> Any:
    token = create_token(world.ana, "x", by=world.ana)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    return client.post(f"/api/v1{path}", body, content_type="application/json")


def test_the_page_of_a_new_contact_asks(world: World, ana: Client) -> None:
    assert 'name="attributes.plan"' in ana.get("/desk/people/new/").content.decode()
    person = {"email": "nuevo@casa.example", "name": "Nuevo"}
    refused = ana.post("/desk/people/new/", person).content.decode()
    assert 'value="nuevo@casa.example"' in refused
    assert 'aria-invalid="true"' in refused
    assert not Contact.objects.filter(name="Nuevo").exists()
    ana.post("/desk/people/new/", person | {"attributes.plan": "oro"})
    assert by_key(Contact.objects.get(name="Nuevo")) == {"plan": "oro"}


def test_one_that_is_known_is_found_without_asking(world: World, ana: Client) -> None:
    answer = ana.post("/desk/people/new/", {"email": "dan@customer.example", "name": "Dan"})
    assert answer["Location"] == f"/desk/people/{world.dan.public_id}/"


def test_the_page_of_a_new_organisation_asks(world: World, ana: Client) -> None:
    ana.post("/desk/organisations/new/", {"name": "Patio"})
    assert not Organisation.objects.filter(name="Patio").exists()
    ana.post("/desk/organisations/new/", {"name": "Patio", "attributes.empleados": "12"})
    made = Organisation.objects.get(name="Patio")
    assert by_key(made) == {"empleados": 12}
    ana.post(f"/desk/organisations/{made.public_id}/edit/", {"name": "Patio SL"})
    assert Organisation.objects.filter(name="Patio SL").exists()


def test_machines_are_asked_too(world: World, ana: Client) -> None:
    refused = _call(world, "/contacts", email="nuevo@casa.example")
    assert (refused.status_code, "attributes.plan" in refused.content.decode()) == (422, True)
    assert not Contact.objects.filter(identities__value="nuevo@casa.example").exists()
    assert _call(world, "/contacts", email="nuevo@casa.example", profile={"plan": "Oro"}).status_code == 201
    assert _call(world, "/contacts", email="dan@customer.example").status_code == 201
    assert _call(world, "/organisations", name="Patio").status_code == 422
    assert _call(world, "/organisations", name="Patio", profile={"empleados": 3}).status_code == 201


def test_mail_is_never_held_up(world: World, ana: Client) -> None:
    receive(a_mail("nuevo@casa.example"), world.inbox)
    made = Contact.objects.get(identities__value="nuevo@casa.example")
    assert by_key(made) == {"plan": None}
