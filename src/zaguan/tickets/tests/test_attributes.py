"""Types and attributes: what is asked, what is needed, what is stored, and that one schema holds for all."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from zaguan.events.models import EventRecord
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import (
    reorder_attributes,
    save_attribute,
    save_type,
    set_attribute_archived,
    set_type_archived,
)
from zaguan.tickets.attributes import attributes_of, by_key, set_attributes
from zaguan.tickets.filtering import parse
from zaguan.tickets.history import changes, feed
from zaguan.tickets.models import Attribute, AttributeSheet, Phase, Ticket, TicketType
from zaguan.tickets.statuses import close_resolved, default_status, set_status
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(world: World) -> TicketType:
    kind = save_type(
        None, by=world.bo, name="Avería", names={"en": "Fault"}, category="customer", icon="wrench"
    )
    add = _adder(world, kind)
    add("Machine", "text", key="machine", needed_from_agent=True, is_public=True)
    add("Cause", "list", options=[{"name": "Paper"}, {"name": "Power", "names": {"es": "Corriente"}}])
    add("Parts", "list", many=True, options=[{"name": "Drum"}, {"name": "Fuser"}])
    add("Pages", "number")
    add("Cost", "decimal", needed_to_resolve=True)
    add("Warranty", "boolean")
    add("Visit", "datetime", many=True)
    add("Bought", "datetime")
    return kind


def _adder(world: World, kind: TicketType) -> Any:
    def add(name: str, format_: str, **more: Any) -> Attribute:
        return save_attribute(kind, None, by=world.bo, name=name, format=format_, **more)

    return add


def found(world: World, query: str) -> set[int]:
    asked = parse(query, world.bo)
    assert not asked.problems, asked.problems
    return set(Ticket.objects.filter(asked.q).values_list("pk", flat=True))


def test_a_type_begins_with_title_and_description(world: World, fault: TicketType) -> None:
    first = list(fault.attributes.all())[:2]
    assert [a.key for a in first] == ["title", "description"]
    assert {a.default for a in first} == {"title", "description"}
    with pytest.raises(Refused):
        set_attribute_archived(first[0], True, by=world.bo)


def test_a_conversation_becomes_a_ticket_when_nothing_is_missing(world: World, fault: TicketType) -> None:
    ticket = make_ticket(world)
    with pytest.raises(NotAccepted) as refusal:
        set_type(ticket, fault, {"pages": "many"}, by=world.ana)
    assert set(refusal.value.errors) == {"machine", "pages"}
    assert Ticket.objects.get(pk=ticket.pk).type_id is None
    set_type(ticket, fault, {"machine": "A 12", "cost": 12.5}, by=world.ana)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.kind, ticket.version) == ("customer", 2)
    assert by_key(ticket) | {"title": ""} == {
        "title": "", "description": None, "machine": "A 12", "cause": None, "parts": None, "pages": None,
        "cost": "12.5", "warranty": None, "visit": None, "bought": None,
    }  # fmt: skip
    assert by_key(ticket)["title"] == ticket.subject
    said = [entry.sentence for entry in feed(ticket).entries]
    assert any("Fault" in sentence or "Avería" in sentence for sentence in said)


def test_what_goes_back_is_there_again(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12", "pages": 7}, by=world.ana)
    set_type(ticket, None, by=world.ana)
    assert by_key(Ticket.objects.get(pk=ticket.pk)) == {}
    assert not found(world, "machine:A*")
    set_type(ticket, fault, by=world.ana, back=True)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (by_key(ticket)["machine"], by_key(ticket)["pages"]) == ("A 12", 7)
    assert found(world, 'machine:"a 12"') == {ticket.pk}


def test_another_type_takes_over_what_they_have_in_common(world: World, fault: TicketType) -> None:
    other = save_type(None, by=world.bo, name="Return", category="customer", icon="undo")
    save_attribute(
        other, None, by=world.bo, name="Machine", format="text", key="machine", needed_from_agent=True
    )
    save_attribute(other, None, by=world.bo, name="Pages", format="text")
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12", "pages": 7}, by=world.ana)
    ticket = set_type(ticket, other, by=world.ana)
    assert (by_key(ticket)["machine"], by_key(ticket)["pages"]) == ("A 12", None)


@pytest.mark.parametrize(
    ("key", "given", "stored"),
    [
        ("machine", "  A\tñ 🛠 ", "  A\tñ 🛠 "),
        ("cause", "power", "power"),
        ("cause", "Corriente", "power"),
        ("parts", ["fuser", "Drum"], ["fuser", "drum"]),
        ("parts", [], None),
        ("pages", 10**17, 10**17),
        ("pages", "-3", -3),
        ("cost", "0012.500", "12.500"),
        ("cost", 0.1, "0.1"),
        ("cost", -0.0, "0.0"),
        ("cost", 3, "3"),
        ("warranty", False, False),
        ("visit", "2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z"),
        ("bought", "2024-02-29", "2024-02-29"),
        ("description", "a\nb", "a\nb"),
    ],
)
def test_what_fits_is_stored_exactly(
    world: World, fault: TicketType, key: str, given: Any, stored: Any
) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12"}, by=world.ana)
    set_attributes(ticket, {key: given}, by=world.ana)
    assert by_key(Ticket.objects.get(pk=ticket.pk))[key] == stored


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("machine", None),
        ("machine", ""),
        ("machine", "a\nb"),
        ("machine", "nul\x00"),
        ("machine", "\ud800"),
        ("machine", 12),
        ("machine", "x" * 501),
        ("cause", "fire"),
        ("cause", ["power"]),
        ("parts", ["drum", "drum"]),
        ("parts", [None]),
        ("pages", 1.5),
        ("pages", True),
        ("pages", 10**18),
        ("cost", "1,5"),
        ("cost", "1.234,5"),
        ("cost", float("nan")),
        ("cost", float("inf")),
        ("cost", 0.12345678901),
        ("cost", "1e5"),
        ("cost", True),
        ("warranty", 1),
        ("visit", "2026-03-29T02:30:00"),
        ("visit", "tomorrow"),
        ("bought", "2023-02-29"),
        ("bought", {"a": 1}),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    world: World, fault: TicketType, key: str, given: Any
) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12"}, by=world.ana)
    before = AttributeSheet.objects.get(pk=ticket.pk).values
    with pytest.raises(NotAccepted) as refusal:
        set_attributes(ticket, {key: given}, by=world.ana)
    assert refusal.value.field == f"attributes.{key}"
    assert AttributeSheet.objects.get(pk=ticket.pk).values == before


def test_nothing_changed_makes_no_event(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12"}, by=world.ana)
    count = EventRecord.objects.count()
    assert set_attributes(ticket, {"machine": "A 12", "pages": None}, by=world.ana).version == ticket.version
    assert EventRecord.objects.count() == count
    set_attributes(ticket, {"machine": "B 7", "title": "Otro título"}, by=world.ana)
    assert Ticket.objects.get(pk=ticket.pk).subject == "Otro título"
    told = [(c.label, c.old, c.new) for c in changes(ticket, field="attributes").entries]
    assert told == [("Machine", "A 12", "B 7")]


def test_what_is_needed_to_resolve_holds_back_everybody(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12"}, by=world.ana)
    for phase in (Phase.RESOLVED, Phase.CLOSED):
        with pytest.raises(Refused) as refusal:
            set_status(ticket, default_status(phase), by=world.ana)
        assert (refusal.value.field, "Cost" in refusal.value.sentence) == ("attributes.cost", True)
    set_attributes(ticket, {"cost": "10"}, by=world.ana)
    ticket = set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    assert ticket.phase == Phase.RESOLVED


def test_closing_by_itself_does_not_ask_again(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A 12", "cost": "1"}, by=world.ana)
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    save_attribute(fault, None, by=world.bo, name="Signed", format="boolean", needed_to_resolve=True)
    Ticket.objects.filter(pk=ticket.pk).update(closes_at=ticket.created_at)
    assert close_resolved(ticket.pk)


def test_a_condition_decides_what_is_asked(world: World, fault: TicketType) -> None:
    cause = fault.attributes.get(key="cause")
    volts = save_attribute(
        fault, None, by=world.bo, name="Volts", format="number", needed_from_agent=True,
        depends_on=cause, depends_values=["power"],
    )  # fmt: skip
    ticket = make_ticket(world)
    with pytest.raises(NotAccepted) as refusal:
        set_type(ticket, fault, {"machine": "A", "cause": "power"}, by=world.ana)
    assert set(refusal.value.errors) == {"volts"}
    with pytest.raises(NotAccepted) as refusal:
        set_type(ticket, fault, {"machine": "A", "cause": "paper", "volts": 12}, by=world.ana)
    assert set(refusal.value.errors) == {"volts"}
    ticket = set_type(ticket, fault, {"machine": "A", "cause": "power", "volts": 12}, by=world.ana)
    set_attributes(ticket, {"cause": "paper"}, by=world.ana)
    shown = {v.attribute.key: v for v in attributes_of(Ticket.objects.get(pk=ticket.pk))}
    assert (shown["volts"].is_asked, shown["volts"].value) == (False, 12)
    with pytest.raises(Refused):
        reorder_attributes(fault, [volts.pk, cause.pk], by=world.bo)
    with pytest.raises(Refused):
        set_attribute_archived(cause, True, by=world.bo)


def test_a_retired_choice_stays_readable_and_is_not_offered(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A", "cause": "paper"}, by=world.ana)
    cause = fault.attributes.get(key="cause")
    save_attribute(fault, cause, by=world.bo, options=[{"key": "power", "name": "Power supply"}])
    cause.refresh_from_db()
    assert [(o["key"], o["retired"]) for o in cause.options] == [("power", False), ("paper", True)]
    shown = {v.attribute.key: v.text for v in attributes_of(Ticket.objects.get(pk=ticket.pk))}
    assert shown["cause"] == "Paper"
    set_attributes(ticket, {"cause": "paper", "pages": 1}, by=world.ana)
    with pytest.raises(NotAccepted):
        set_type(make_ticket(world), fault, {"machine": "B", "cause": "paper"}, by=world.ana)


def test_an_archived_type_is_not_offered_and_its_tickets_keep_it(world: World, fault: TicketType) -> None:
    ticket = set_type(make_ticket(world), fault, {"machine": "A"}, by=world.ana)
    set_type_archived(fault, True, by=world.bo)
    with pytest.raises(Refused) as refusal:
        set_type(make_ticket(world), fault, {"machine": "A"}, by=world.ana)
    assert refusal.value.field == "type"
    set_attributes(ticket, {"pages": 3}, by=world.ana)
    with pytest.raises(Refused) as refusal:
        save_type(fault, by=world.bo, category="tracker")
    assert refusal.value.field == "category"


def test_a_customer_is_asked_as_a_customer(world: World, fault: TicketType) -> None:
    from zaguan.tickets.opening import NewTicket, open_ticket

    new = NewTicket(subject="Roto", requester=world.dan, type=fault, attributes={"cost": "9"})
    with pytest.raises(NotAccepted) as refusal:
        open_ticket(new, by=world.dan)
    assert set(refusal.value.errors) == {"cost"}
    ticket = open_ticket(NewTicket(subject="Roto", requester=world.dan, type=fault), by=world.dan)
    assert set(by_key(ticket, "customer")) == {"title", "description", "machine"}


def test_a_key_never_hides_an_operator(world: World, fault: TicketType) -> None:
    made = save_attribute(fault, None, by=world.bo, name="Status", format="text")
    assert made.key == "status-2"
    with pytest.raises(Refused) as refusal:
        save_attribute(fault, None, by=world.bo, name="x", format="text", key="team")
    assert refusal.value.field == "key"


def test_every_format_is_an_operator(world: World, fault: TicketType) -> None:
    values = {
        "machine": "Á 12", "cause": "power", "parts": ["drum", "fuser"], "pages": -5, "cost": "12.50",
        "warranty": True, "visit": "2026-11-22T09:00:00Z", "bought": "2024-02-29",
    }  # fmt: skip
    number = set_type(make_ticket(world), fault, values, by=world.ana).pk
    for query in (
        'machine:"a 12"', "machine:a*", "cause:Corriente", "parts:drum", "parts:fuser", "pages:-5", "pages:<0",
        "pages:-10..-1", "pages:<=-5", "cost:12.5", "cost:>12.4", "cost:12..13", "warranty:yes", "warranty:sí",
        "visit:2026-11", "bought:2024-02-29", "bought:2024", "type:fault", "type:avería", "type:customer",
    ):  # fmt: skip
        assert found(world, query) == {number}, query
    for query in (
        "machine:12", "machine:b*", "cause:paper", "pages:>0", "pages:<-5", "cost:<12.5", "warranty:no",
        "visit:2026-12", "bought:2025", "-type:fault", "type:none", "cost:none",
    ):  # fmt: skip
        assert number not in found(world, query), query
    empty = set_type(make_ticket(world), fault, {"machine": "B"}, by=world.ana).pk
    assert found(world, "cost:none") == {empty}


def test_what_no_operator_understands_is_said(world: World, fault: TicketType) -> None:
    with translation.override("en"):
        assert "Did you mean “machine”?" in parse("machien:x", world.bo).problems[0]
        assert "not in the list" in parse("cause:fire", world.bo).problems[0]
        assert "not a number" in parse("cost:cheap", world.bo).problems[0]
