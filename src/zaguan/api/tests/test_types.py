"""Types by API: set up, turned into, filled in; and whatever is sent is stored exactly or refused at its field."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaguan.api.tests.test_tickets import NEW, Caller
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attributes import by_key, set_attributes
from zaguan.tickets.models import Ticket, TicketType
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db


FAULT: dict[str, Any] = {
    "name": "Fault",
    "category": "customer",
    "icon": "wrench",
    "attributes": [
        {"name": "Machine", "format": "text", "needed_from_agent": True},
        {"name": "Cause", "format": "list", "options": [{"name": "Paper"}, {"name": "Power"}]},
        {"name": "Parts", "format": "list", "many": True, "options": [{"name": "Drum"}, {"name": "Fuser"}]},
        {"name": "Volts", "format": "number", "depends_on": "cause", "depends_values": ["power"]},
        {"name": "Pages", "format": "number"},
        {"name": "Cost", "format": "decimal", "needed_to_resolve": True},
        {"name": "Warranty", "format": "boolean"},
        {"name": "Visit", "format": "datetime", "many": True},
        {"name": "Bought", "format": "datetime"},
        {"name": "Photo", "format": "file"},
    ],
}


def make_fault(world: World) -> TicketType:
    answer = Caller(world.bo).send("post", "/ticket-types", FAULT)
    assert answer.status_code == 201, answer.content
    return TicketType.objects.get(pk=answer.json()["id"])


def test_a_type_is_made_changed_and_read(world: World) -> None:
    admin, made = Caller(world.bo), make_fault(world)
    read = admin.get(f"/ticket-types/{made.pk}").json()
    assert [a["key"] for a in read["attributes"]][:4] == ["title", "description", "machine", "cause"]
    assert next(a for a in read["attributes"] if a["key"] == "volts")["depends_on"] == "cause"
    path = f"/ticket-types/{made.pk}/attributes"
    changed = admin.send(
        "patch", f"{path}/cause", {"options": [{"key": "power", "name": "Power supply"}]}
    ).json()
    assert [(o["key"], o["retired"]) for o in changed["options"]] == [("power", False), ("paper", True)]
    ids = [a["id"] for a in read["attributes"]]
    assert admin.send("put", f"{path}/order", {"ids": ids[::-1]}).status_code == 422
    assert admin.send("put", f"{path}/order", {"ids": [*ids[:2], ids[-1], *ids[2:-1]]}).status_code == 204
    assert admin.send("patch", f"/ticket-types/{made.pk}", {"archived": True}).json()["archived"]
    assert admin.get("/ticket-types").json() == []


def test_only_administrators_change_types(world: World) -> None:
    made = make_fault(world)
    ana = Caller(world.ana)
    assert ana.get("/ticket-types").status_code == 200
    assert ana.send("post", "/ticket-types", FAULT | {"name": "Other"}).status_code == 403
    assert ana.send("patch", f"/ticket-types/{made.pk}", {"name": "Other"}).status_code == 403
    assert (
        ana.send("post", f"/ticket-types/{made.pk}/attributes", {"name": "x", "format": "text"}).status_code
        == 403
    )


def test_a_ticket_opens_with_a_type_and_what_it_needs(world: World) -> None:
    make_fault(world)
    ana = Caller(world.ana)
    missing = ana.send("post", "/tickets", NEW | {"type": "Fault", "attributes": {"pages": "x", "colour": 1}})
    assert (missing.status_code, missing.json()["field"]) == (422, "attributes.pages")
    assert [e["field"] for e in missing.json()["errors"]] == [
        "attributes.pages", "attributes.colour", "attributes.machine",
    ]  # fmt: skip
    assert not Ticket.objects.exists()
    made = ana.send(
        "post", "/tickets", NEW | {"type": "Fault", "attributes": {"machine": "A 12", "cost": 12.5}}
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["type"]["name"], body["attributes"]["machine"], body["attributes"]["cost"]) == (
        "Fault",
        "A 12",
        "12.5",
    )
    assert ana.send("post", "/tickets", NEW | {"attributes": {"machine": "A"}}).json()["field"] == "type"


def test_a_conversation_is_turned_and_turned_back(world: World) -> None:
    make_fault(world)
    ana, ticket = Caller(world.ana), make_ticket(world)
    path = f"/tickets/{ticket.pk}"
    assert ana.send("patch", path, {"attributes": {"machine": "A"}}).json()["field"] == "attributes"
    assert ana.send("patch", path, {"type": "Fault"}).json()["field"] == "attributes.machine"
    turned = ana.send("patch", path, {"type": "Fault", "attributes": {"machine": "A"}}).json()
    assert (turned["type"]["category"], turned["attributes"]["machine"]) == ("customer", "A")
    refused = ana.send("patch", path, {"status": "Completed"})
    assert (refused.status_code, refused.json()["field"]) == (422, "attributes.cost")
    done = ana.send("patch", path, {"attributes": {"cost": "10.00"}, "status": "Completed"}).json()
    assert (done["status"]["phase"], done["attributes"]["cost"]) == ("resolved", "10.00")
    assert ana.send("patch", path, {"type": None}).json()["type"] is None
    listed = ana.get("/tickets?q=type:none").json()["items"]
    assert [t["number"] for t in listed] == [ticket.pk]


def test_a_number_keeps_its_digits_on_the_way_in(world: World) -> None:
    made = make_fault(world)
    ticket = set_type(make_ticket(world), made, {"machine": "A"}, by=world.ana)
    ana = Caller(world.ana).client
    body = '{"attributes": {"cost": 123456789012345678.0123456789}}'
    answer = ana.patch(f"/api/v1/tickets/{ticket.pk}", body, content_type="application/json")
    assert answer.json()["attributes"]["cost"] == "123456789012345678.0123456789"


KEYS = [a["name"].lower() for a in FAULT["attributes"]] + ["title", "description", "colour"]
TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "power",
        "Paper",
        "drum",
        "12.50",
        "-0",
        "1,5",
        "true",
        "2026-11-22",
        "2026-11-22T09:30:00+02:00",
        "0" * 24,
    ]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
ANYTHING = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(KEYS), value=ANYTHING, door=st.sampled_from(["verb", "patch", "open", "turn"]))
def test_whatever_is_sent_is_stored_exactly_or_refused_at_its_field(
    world: World, key: str, value: Any, door: str
) -> None:
    kind = TicketType.objects.first() or make_fault(world)
    given_values = {"machine": "A"} | {key: value}
    numbers = set(Ticket.objects.values_list("pk", flat=True))
    ticket, field = DOORS[door](world, kind, given_values)
    if field:
        assert field == f"attributes.{key}", (field, key, value)
        if ticket is not None:
            assert by_key(ticket).get(key) in (None, "A", ticket.subject)
        elif door == "open":
            assert set(Ticket.objects.values_list("pk", flat=True)) == numbers
        return
    assert ticket is not None
    stored = by_key(Ticket.objects.get(pk=ticket.pk))[key]
    assert _same(stored, value), (key, value, stored)


def _by_verb(world: World, kind: TicketType, values: dict[str, Any]) -> tuple[Ticket | None, str]:
    ticket = set_type(make_ticket(world), kind, {"machine": "A"}, by=world.ana)
    try:
        return set_attributes(ticket, values, by=world.ana), ""
    except NotAccepted as refusal:
        return Ticket.objects.get(pk=ticket.pk), refusal.field


def _by_patch(world: World, kind: TicketType, values: dict[str, Any]) -> tuple[Ticket | None, str]:
    ticket = set_type(make_ticket(world), kind, {"machine": "A"}, by=world.ana)
    answer = Caller(world.ana).send("patch", f"/tickets/{ticket.pk}", {"attributes": values})
    return Ticket.objects.get(pk=ticket.pk), _field(answer)


def _by_opening(world: World, kind: TicketType, values: dict[str, Any]) -> tuple[Ticket | None, str]:
    answer = Caller(world.ana).send("post", "/tickets", NEW | {"type": kind.pk, "attributes": values})
    return (None if answer.status_code != 201 else Ticket.objects.get(pk=answer.json()["number"])), _field(
        answer
    )


def _by_turning(world: World, kind: TicketType, values: dict[str, Any]) -> tuple[Ticket | None, str]:
    ticket = make_ticket(world)
    answer = Caller(world.ana).send("patch", f"/tickets/{ticket.pk}", {"type": "Fault", "attributes": values})
    return Ticket.objects.get(pk=ticket.pk), _field(answer)


def _field(answer: Any) -> str:
    if answer.status_code in (200, 201):
        return ""
    assert answer.status_code == 422, answer.content
    return str(answer.json()["field"])


DOORS = {"verb": _by_verb, "patch": _by_patch, "open": _by_opening, "turn": _by_turning}


def _same(stored: Any, value: Any) -> bool:
    """Whether what stands there says what was sent."""
    if stored is None or value in (None, "", []) or (isinstance(value, str) and not value.strip()):
        return stored is None and (value in (None, "", []) or not str(value).strip())
    if isinstance(stored, bool):
        return value is stored or str(value).lower() in ({"1", "true"} if stored else {"0", "false"})
    if isinstance(stored, list):
        return json.dumps(stored).lower() == json.dumps(value if isinstance(value, list) else [value]).lower()
    if isinstance(stored, str) and isinstance(value, str) and stored.lower() == value.lower():
        return True
    if isinstance(stored, str) and stored.endswith("Z"):
        return datetime.fromisoformat(stored.replace("Z", "+00:00")) == datetime.fromisoformat(value)
    return Decimal(stored) == Decimal(str(value))
