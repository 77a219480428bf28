"""Fields about contacts and organisations: the same rules as for tickets, some of them required (A14.1)."""

from __future__ import annotations

import pytest
from django.test import Client

from zaguan.events.models import EventRecord
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.people.models import Organisation, ProfileEntry, ProfileField
from zaguan.people.profiles import by_key, save_field, set_field_archived, set_profile
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    save_field(
        "contact", None, by=made.bo, name="Member", format="text", key="member", needed_from_agent=True
    )
    save_field(
        "contact", None, by=made.bo, name="Plan", format="list", options=[{"name": "Gold"}, {"name": "Blue"}]
    )
    save_field("organisation", None, by=made.bo, name="Seats", format="number")
    return made


def test_a_contact_and_an_organisation_have_fields_of_their_own(world: World) -> None:
    patio = Organisation.objects.create(name="Patio")
    set_profile(world.dan, {"member": "M 1", "plan": "gold"}, by=world.ana)
    set_profile(patio, {"seats": 12}, by=world.ana)
    assert by_key(world.dan) == {"member": "M 1", "plan": "gold"}
    assert by_key(patio) == {"seats": 12}
    assert set(ProfileEntry.objects.filter(contact=world.dan).values_list("key", flat=True)) == {
        "m 1",
        "gold",
    }
    with pytest.raises(NotAccepted):
        set_profile(patio, {"member": "M 1"}, by=world.ana)


def test_what_is_needed_cannot_be_left_out(world: World) -> None:
    with pytest.raises(NotAccepted) as refusal:
        set_profile(world.dan, {"plan": "Green"}, by=world.ana, complete=True)
    assert set(refusal.value.errors) == {"member", "plan"}
    set_profile(world.dan, {"member": "M 1"}, by=world.ana)
    with pytest.raises(NotAccepted):
        set_profile(world.dan, {"member": None}, by=world.ana)


def test_the_same_again_is_no_event(world: World) -> None:
    set_profile(world.dan, {"member": "M 1"}, by=world.ana)
    count = EventRecord.objects.count()
    set_profile(world.dan, {"member": "M 1"}, by=world.ana)
    assert EventRecord.objects.count() == count


def test_a_retired_field_is_asked_no_more_and_still_read(world: World) -> None:
    set_profile(world.dan, {"member": "M 1"}, by=world.ana)
    set_field_archived(ProfileField.objects.get(key="member"), True, by=world.bo)
    set_profile(world.dan, {"plan": "blue"}, by=world.ana, complete=True)
    assert by_key(world.dan) == {"member": "M 1", "plan": "blue"}


def test_the_profile_stands_on_the_page_and_beside_the_ticket(world: World) -> None:
    browser = Client()
    browser.force_login(world.ana)
    address = f"/desk/people/{world.dan.public_id}/"
    wrong = browser.post(f"{address}profile/", {"attributes.plan": "gold"})
    assert (wrong.status_code, "Fill in “Member”" in wrong.content.decode()) == (422, True)
    saved = browser.post(f"{address}profile/", {"attributes.member": "M 77", "attributes.plan": "gold"})
    assert saved.status_code == 302
    assert "M 77" in browser.get(address).content.decode()
    assert "M 77" in browser.get(f"/desk/tickets/{make_ticket(world).pk}/").content.decode()
