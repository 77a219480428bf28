"""Attributes of tickets that become one: gaps are filled, the rest is chosen, and taking it back puts all back (A3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations.merging import merge, undo_merge
from zaguan.events.models import EventRecord
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attribute_joining import choices
from zaguan.tickets.attributes import by_key, set_attributes
from zaguan.tickets.filtering import parse
from zaguan.tickets.history import feed
from zaguan.tickets.models import Merge, Ticket, TicketType

pytestmark = pytest.mark.django_db


def _type(world: World, name: str, *colours: str) -> TicketType:
    kind = save_type(None, by=world.bo, name=name, category="customer")
    for label, format_, more in (
        ("Placa", "text", {}),
        ("Color", "list", {"options": [{"name": colour} for colour in colours]}),
        ("Piezas", "number", {}),
    ):
        save_attribute(kind, None, by=world.bo, name=label, format=format_, **more)
    kind.refresh_from_db()
    return kind


@pytest.fixture
def fault(world: World) -> TicketType:
    return _type(world, "Avería", "Rojo", "Azul")


def _ticket(world: World, kind: TicketType, **values: Any) -> Ticket:
    ticket = make_ticket(world, type=kind)
    return set_attributes(ticket, values, by=world.ana) if values else ticket


def _held(ticket: Ticket) -> dict[str, Any]:
    return {k: v for k, v in by_key(ticket).items() if k not in ("title", "description")}


def _found(world: World, query: str) -> set[int]:
    return set(Ticket.objects.filter(parse(query, world.bo).q).values_list("pk", flat=True))


def test_gaps_are_filled_and_what_the_survivor_says_stays(world: World, fault: TicketType) -> None:
    first = _ticket(world, fault, placa="A 1")
    second = _ticket(world, fault, placa="B 2", color="azul")
    assert [(c.key, c.options) for c in choices([first, second])] == [
        ("placa", [(first.pk, "A 1"), (second.pk, "B 2")])
    ]
    merge(first, [second], by=world.ana)
    assert _held(first) == {"placa": "A 1", "color": "azul", "piezas": None}
    assert first.pk in _found(world, "color:azul")
    told = EventRecord.objects.filter(ticket_id=first.pk, kind="tickets.AttributesChanged").order_by("id")
    assert list(told.values_list("data__changes", flat=True))[-1] == {
        str(fault.attributes.get(key="color").pk): [None, "azul"]
    }
    assert any("Azul" in line.sentence for line in feed(first, viewer=world.ana).entries)


def test_a_chosen_value_is_taken_and_everything_goes_back(world: World, fault: TicketType) -> None:
    first = _ticket(world, fault, placa="A 1", piezas=3)
    second = _ticket(world, fault, placa="B 2", color="azul")
    merge(first, [second], by=world.ana, attributes={"placa": second.pk})
    assert _held(first) == {"placa": "B 2", "color": "azul", "piezas": 3}
    assert first.pk in _found(world, 'placa:"B 2"')
    undo_merge(Merge.objects.get(), by=world.ana)
    assert _held(first) == {"placa": "A 1", "color": None, "piezas": 3}
    assert _held(Ticket.objects.get(pk=second.pk)) == {"placa": "B 2", "color": "azul", "piezas": None}
    assert (first.pk in _found(world, 'placa:"A 1"'), first.pk in _found(world, "color:azul")) == (
        True,
        False,
    )


def test_of_several_the_chosen_one_wins_whatever_its_number(world: World, fault: TicketType) -> None:
    first, second, third = (_ticket(world, fault, **v) for v in ({}, {"placa": "B"}, {"placa": "C"}))
    merge(first, [second, third], by=world.ana, attributes={"placa": third.pk})
    assert _held(first)["placa"] == "C"
    for each in Merge.objects.all():
        undo_merge(each, by=world.ana)
    assert _held(first)["placa"] is None


def test_what_was_written_since_is_not_taken_back(world: World, fault: TicketType) -> None:
    first, second = _ticket(world, fault), _ticket(world, fault, placa="B 2", piezas=1)
    merge(first, [second], by=world.ana)
    set_attributes(first, {"placa": "Z 9"}, by=world.ana)
    undo_merge(Merge.objects.get(), by=world.ana)
    assert _held(first) == {"placa": "Z 9", "color": None, "piezas": None}


def test_of_another_type_what_is_called_and_shaped_alike_comes_along(world: World, fault: TicketType) -> None:
    other = _type(world, "Reclamo", "Azul", "Verde")
    first, second = _ticket(world, fault), _ticket(world, other, placa="B 2", color="azul")
    third = _ticket(world, other, color="verde", piezas=4)
    merge(first, [second, third], by=world.ana)
    assert _held(first) == {"placa": "B 2", "color": "azul", "piezas": 4}
    fourth, fifth = _ticket(world, fault), _ticket(world, other, color="verde")
    merge(fourth, [fifth], by=world.ana)
    assert _held(fourth)["color"] is None


def test_a_conversation_takes_none_and_gives_none(world: World, fault: TicketType) -> None:
    conversation, ticket = make_ticket(world), _ticket(world, fault, placa="B 2")
    merge(conversation, [ticket], by=world.ana)
    assert by_key(conversation) == {}
    undo_merge(Merge.objects.get(), by=world.ana)
    merge(Ticket.objects.get(pk=ticket.pk), [Ticket.objects.get(pk=conversation.pk)], by=world.ana)
    assert _held(ticket)["placa"] == "B 2"


def test_a_value_that_is_not_asked_beside_the_others_stays_behind(world: World, fault: TicketType) -> None:
    color = fault.attributes.get(key="color")
    save_attribute(
        fault, None, by=world.bo, name="Tono", format="text", depends_on=color, depends_values=["rojo"]
    )
    first = _ticket(world, fault, color="azul")
    second = _ticket(world, fault, color="rojo", tono="claro")
    merge(first, [second], by=world.ana)
    assert _held(first) == {"placa": None, "color": "azul", "piezas": None, "tono": None}


@pytest.mark.parametrize(("key", "number"), [("placa", 0), ("nada", None)])
def test_a_choice_must_be_among_those_that_are_merged(
    world: World, fault: TicketType, key: str, number: int | None
) -> None:
    first, second = _ticket(world, fault), _ticket(world, fault, placa="B")
    with pytest.raises(NotAccepted) as refused:
        merge(first, [second], by=world.ana, attributes={key: second.pk if number is None else number})
    assert refused.value.field == f"attributes.{key}"
    assert not Merge.objects.exists()
