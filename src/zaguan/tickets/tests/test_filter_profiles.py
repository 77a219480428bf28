"""Tickets by what is written down about their customer or organisation: every format, in views and search."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.people.editing import create_organisation
from zaguan.people.models import Contact, ProfileEntry, ProfileField
from zaguan.people.profiles import save_field, set_profile
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets import filter_profiles
from zaguan.tickets.filtering import parse
from zaguan.tickets.listing import page
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    filter_profiles._entries.rarity.forget()
    world = make_world()
    plans = [{"name": "Oro", "names": {"en": "Gold"}}, {"name": "Plata"}]
    save_field("contact", None, by=world.bo, name="Plan", format="list", options=plans)
    save_field("contact", None, by=world.bo, name="Puerta", format="text")
    save_field("organisation", None, by=world.bo, name="Empleados", format="number")
    set_profile(world.dan, {"plan": "oro", "puerta": "3 B"}, by=world.ana)
    firm = create_organisation("Patio", by=world.ana)
    set_profile(firm, {"empleados": 120}, by=world.ana)
    Contact.objects.filter(pk=world.eve.pk).update(organisation=firm)
    world.eve.refresh_from_db()
    return world


@pytest.fixture
def both(world: World) -> tuple[Ticket, Ticket]:
    return make_ticket(world), make_ticket(world, requester=world.eve)


def found(world: World, text: str) -> set[int]:
    asked = parse(text, world.bo)
    assert not asked.problems, asked.problems
    return {row.id for row in page(world.bo, query=text).rows}


@pytest.mark.parametrize("rare", [True, False])
def test_by_value_by_range_and_by_nothing(
    world: World, both: tuple[Ticket, Ticket], rare: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not rare:
        monkeypatch.setattr(filter_profiles._entries.rarity, "few", -1)
    first, second = both[0].pk, both[1].pk
    for text in ("contact.plan:oro", "cliente.plan:gold", 'contacto.puerta:"3 b"', "-contact.plan:none"):
        assert found(world, text) == {first}, text
    for text in ("organisation.empleados:>100", "empresa.empleados:100..200", "contact.plan:none"):
        assert found(world, text) == {second}, text
    assert found(world, "contact.plan:plata") == set()
    assert found(world, "contact.plan:oro,none") == {first, second}


def test_what_is_no_field_is_told_with_the_nearest_name(world: World) -> None:
    (problem,) = parse("contact.plam:oro", world.bo).problems
    assert "contact.plan" in problem
    (value,) = parse("contact.plan:or", world.bo).problems
    assert "Oro" in value


def test_an_address_with_a_port_stays_a_word(world: World) -> None:
    asked = parse("servidor.local:8080", world.bo)
    assert (asked.problems, asked.words, asked.terms) == ([], "servidor.local:8080", ())


def test_a_changed_profile_is_found_at_once(world: World, both: tuple[Ticket, Ticket]) -> None:
    set_profile(world.dan, {"plan": "plata"}, by=world.ana)
    assert (found(world, "contact.plan:oro"), found(world, "contact.plan:plata")) == (set(), {both[0].pk})


@pytest.mark.parametrize("rare", [True, False])
def test_it_follows_an_index(world: World, rare: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not rare:
        monkeypatch.setattr(filter_profiles._entries.rarity, "few", 3)
    plan = ProfileField.objects.get(key="plan")
    people = Contact.objects.bulk_create(Contact(name=f"C {n}", public_id=f"c{n}") for n in range(3000))
    ProfileEntry.objects.bulk_create(
        ProfileEntry(field=plan, contact=person, key="oro" if n < 50 else "plata")
        for n, person in enumerate(people)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        page(world.bo, query="contact.plan:oro")
    asked = [q["sql"] for q in captured.captured_queries if "profileentry" in q["sql"]]
    assert asked
    for sql in asked:
        with connection.cursor() as cursor:
            head = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute(head + sql.replace("%", "%%"))
            plan_of = "\n".join(str(row[-1]) for row in cursor.fetchall())
        assert "Seq Scan on people_profileentry" not in plan_of, plan_of
        assert "SCAN people_profileentry" not in plan_of, plan_of
