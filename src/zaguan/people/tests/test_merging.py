"""Two contacts become one, and two again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.people.duplicates import suggestions
from zaguan.people.editing import add_identity, change_contact
from zaguan.people.identifying import contact_for_email
from zaguan.people.merging import merge_contacts, merges_of, separate, survivor_of
from zaguan.people.models import Contact, ContactMerge
from zaguan.people.phones import variants
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.catalogue import change_rules
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world: World) -> tuple[Contact, Contact]:
    first = contact_for_email("marta@patio.example", "Marta Ruiz", by=world.ana)
    second = contact_for_email("m.ruiz@casa.example", "M. Ruiz", by=world.ana)
    change_contact(second, by=world.ana, notes="Llama por las tardes.", language="pt")
    return first, Contact.objects.get(pk=second.pk)


def test_all_that_points_at_one_points_at_the_other(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    tickets = [make_ticket(world, requester=gone).pk for _each in range(3)]
    own = make_ticket(world, requester=kept).pk
    merge = merge_contacts(kept, gone, by=world.ana)
    assert set(Ticket.objects.filter(requester=kept).values_list("pk", flat=True)) == {*tickets, own}
    assert set(kept.identities.values_list("value", flat=True)) == {
        "marta@patio.example",
        "m.ruiz@casa.example",
    }
    assert contact_for_email("m.ruiz@casa.example", by=world.ana) == kept
    gone.refresh_from_db()
    assert survivor_of(gone) == kept
    assert not Contact.objects.visible_to(world.ana).filter(pk=gone.pk).exists()
    assert merge.moved["tickets.Ticket.requester"] == tickets
    assert EventRecord.objects.filter(kind="people.ContactMerged").count() == 1


def test_missing_fields_come_from_the_other_and_chosen_ones_too(
    world: World, pair: tuple[Contact, Contact]
) -> None:
    kept, gone = pair
    merge_contacts(kept, gone, by=world.ana, take=frozenset({"name"}))
    kept.refresh_from_db()
    assert (kept.name, kept.language, kept.notes) == ("M. Ruiz", "pt", "Llama por las tardes.")


def test_notes_of_both_are_kept(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    change_contact(kept, by=world.ana, notes="Cliente desde 2019.")
    merge_contacts(Contact.objects.get(pk=kept.pk), gone, by=world.ana)
    kept.refresh_from_db()
    assert kept.notes == "Cliente desde 2019.\n\nLlama por las tardes."


def test_undoing_puts_everything_back_but_what_came_after(
    world: World, pair: tuple[Contact, Contact]
) -> None:
    kept, gone = pair
    theirs = make_ticket(world, requester=gone).pk
    merge = merge_contacts(kept, gone, by=world.ana, take=frozenset({"name"}))
    later = make_ticket(world, requester=kept).pk
    separate(merge, by=world.ana)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.language, gone.merged_into) == ("Marta Ruiz", "", None)
    assert Ticket.objects.get(pk=theirs).requester == gone
    assert Ticket.objects.get(pk=later).requester == kept
    assert contact_for_email("m.ruiz@casa.example", by=world.ana) == gone
    with pytest.raises(Refused):
        separate(merge, by=world.ana)


def test_a_field_changed_since_stays(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    merge = merge_contacts(kept, gone, by=world.ana, take=frozenset({"name"}))
    change_contact(kept, by=world.ana, name="Marta Ruiz Pérez")
    separate(merge, by=world.ana)
    kept.refresh_from_db()
    assert kept.name == "Marta Ruiz Pérez"


def test_undoing_ends_after_thirty_days(world: World, pair: tuple[Contact, Contact]) -> None:
    merge = merge_contacts(*pair, by=world.ana)
    ContactMerge.objects.update(created_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused):
        separate(merge, by=world.ana)


def test_how_long_is_chosen_and_nothing_is_offered_at_none(
    world: World, pair: tuple[Contact, Contact]
) -> None:
    merge = merge_contacts(*pair, by=world.ana)
    ContactMerge.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert merges_of(pair[0], world.ana) == []
    change_rules(by=world.bo, undo_contact_days=40)
    assert merges_of(pair[0], world.ana) == [merge]
    change_rules(by=world.bo, undo_contact_days=0)
    ContactMerge.objects.update(created_at=timezone.now())
    assert merges_of(pair[0], world.ana) == []
    with pytest.raises(Refused):
        separate(merge, by=world.ana)
    change_rules(by=world.bo, undo_contact_days=1)
    assert separate(merge, by=world.ana) == pair[1]


def test_merges_are_undone_last_first(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    third = contact_for_email("mr@otra.example", "Marta R.", by=world.ana)
    first = merge_contacts(kept, gone, by=world.ana)
    second = merge_contacts(third, Contact.objects.get(pk=kept.pk), by=world.ana)
    with pytest.raises(Refused):
        separate(first, by=world.ana)
    separate(second, by=world.ana)
    assert separate(first, by=world.ana).identities.get().value == "m.ruiz@casa.example"


def test_nobody_is_merged_with_themselves(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    with pytest.raises(Refused):
        merge_contacts(kept, kept, by=world.ana)
    merge_contacts(kept, gone, by=world.ana)
    with pytest.raises(Refused):
        merge_contacts(gone, kept, by=world.ana)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+52 1 55 1234 5678", "0052 55 12345678", True),
        ("+54 9 11 2345-6789", "+54 11 2345 6789", True),
        ("+55 11 98765-4321", "+55 11 8765 4321", True),
        # A landline of São Paulo has no ninth digit.
        ("+55 11 3456-7890", "+55 11 93456-7890", False),
        ("+34 600 100 200", "+34 600 100 201", False),
    ],
)
def test_variants_of_a_number(one: str, other: str, same: bool) -> None:
    assert (variants(one) == variants(other)) is same


def test_suggestions_say_why(world: World, pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    add_identity(kept, "phone", "+5215512345678", by=world.ana)
    add_identity(gone, "phone", "+525512345678", by=world.ana)
    namesake = contact_for_email("otra@marta.example", "marta ruiz", by=world.ana)
    found = suggestions(kept, world.ana)
    assert [each.contact for each in found] == [gone, namesake]
    assert "+5215512345678" in found[0].reason
