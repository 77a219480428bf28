"""What is written down about two contacts who become one: filled, chosen, found, and put back."""

from __future__ import annotations

import pytest

from zaguan.events.models import EventRecord
from zaguan.people.identifying import contact_for_email
from zaguan.people.merging import merge_contacts, separate
from zaguan.people.models import Contact, ProfileEntry
from zaguan.people.profile_joining import profile_choices
from zaguan.people.profiles import by_key, save_field, set_profile
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world: World) -> tuple[Contact, Contact]:
    plans = [{"name": "Oro"}, {"name": "Plata"}]
    save_field("contact", None, by=world.bo, name="Plan", format="list", options=plans)
    save_field("contact", None, by=world.bo, name="Puerta", format="text")
    kept = contact_for_email("marta@patio.example", "Marta", by=world.ana)
    gone = contact_for_email("m@casa.example", "M.", by=world.ana)
    set_profile(kept, {"plan": "oro"}, by=world.ana)
    set_profile(gone, {"plan": "plata", "puerta": "3 B"}, by=world.ana)
    return kept, gone


def _indexed(contact: Contact) -> set[str]:
    return set(ProfileEntry.objects.filter(contact=contact).values_list("key", flat=True))


def test_gaps_are_filled_and_what_stands_there_stays(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    assert [(c.key, c.ours, c.theirs) for c in profile_choices(kept, gone)] == [
        ("plan", "Oro", "Plata"),
        ("puerta", "", "3 B"),
    ]
    merge_contacts(kept, gone, by=world.ana)
    assert by_key(kept) == {"plan": "oro", "puerta": "3 B"}
    assert _indexed(kept) == {"oro", "3 b"}


def test_what_was_chosen_is_taken_and_goes_back(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    merge = merge_contacts(kept, gone, by=world.ana, profile=frozenset({"plan"}))
    assert by_key(kept) == {"plan": "plata", "puerta": "3 B"}
    separate(merge, by=world.ana)
    assert (by_key(kept), by_key(gone)) == (
        {"plan": "oro", "puerta": None},
        {"plan": "plata", "puerta": "3 B"},
    )
    assert (_indexed(kept), _indexed(gone)) == ({"oro"}, {"plata", "3 b"})
    changes = EventRecord.objects.filter(kind="people.ContactChanged", data__contact_id=kept.pk)
    assert [set(row.data["changes"]) for row in changes.order_by("id")][1:] == [{"Plan", "Puerta"}] * 2


def test_a_contact_of_whom_nothing_was_written_gets_it_and_gives_it_back(
    world: World, pair: tuple[Contact, Contact]
) -> None:
    _kept, gone = pair
    empty = contact_for_email("nadie@casa.example", "", by=world.ana)
    merge = merge_contacts(empty, gone, by=world.ana)
    assert by_key(empty) == {"plan": "plata", "puerta": "3 B"}
    separate(merge, by=world.ana)
    assert by_key(empty) == {"plan": None, "puerta": None}
    assert by_key(gone) == {"plan": "plata", "puerta": "3 B"}


def test_a_value_written_since_stays(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    merge = merge_contacts(kept, gone, by=world.ana, profile=frozenset({"plan"}))
    set_profile(kept, {"puerta": "5 A"}, by=world.ana)
    separate(merge, by=world.ana)
    assert by_key(kept) == {"plan": "oro", "puerta": "5 A"}
