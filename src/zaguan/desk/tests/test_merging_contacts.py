"""The pages on which two contacts become one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, ContactMerge
from zaguan.testing.world import World

SignIn = Callable[[Agent], Client]


@pytest.fixture
def twin(world: World) -> Contact:
    return contact_for_email("dan@casa.example", world.dan.name, by=world.ana)


def test_an_alike_contact_is_offered_and_merged(world: World, signed_in: SignIn, twin: Contact) -> None:
    ana = signed_in(world.ana)
    shown = ana.get(f"/desk/people/{world.dan.public_id}/").content.decode()
    assert f"?other={twin.public_id}" in shown
    address = f"/desk/people/{world.dan.public_id}/merge/"
    compared = ana.get(address, {"other": twin.public_id}).content.decode()
    assert "dan@casa.example" in compared
    done = ana.post(address, {"other": twin.public_id}, follow=True).content.decode()
    assert "dan@casa.example" in done
    assert ContactMerge.objects.get().survivor == world.dan


def test_the_old_address_leads_on_until_it_is_undone(world: World, signed_in: SignIn, twin: Contact) -> None:
    ana = signed_in(world.ana)
    ana.post(f"/desk/people/{world.dan.public_id}/merge/", {"other": twin.public_id})
    old = f"/desk/people/{twin.public_id}/"
    assert ana.get(old)["Location"] == f"/desk/people/{world.dan.public_id}/"
    merge = ContactMerge.objects.get()
    assert ana.post(f"/desk/merged-contacts/{merge.pk}/undo/")["Location"] == old
    assert ana.get(old).status_code == 200


def test_somebody_else_is_found_by_name(world: World, signed_in: SignIn, twin: Contact) -> None:
    found = signed_in(world.ana).get(f"/desk/people/{world.eve.public_id}/merge/", {"q": "dan@casa.example"})
    assert f"?other={twin.public_id}" in found.content.decode()


def test_who_only_reads_cannot_merge(world: World, signed_in: SignIn, twin: Contact) -> None:
    rita = signed_in(world.rita)
    refused = rita.post(f"/desk/people/{world.dan.public_id}/merge/", {"other": twin.public_id})
    assert refused.status_code == 403
    assert not ContactMerge.objects.exists()
