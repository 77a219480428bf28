"""Types in the settings and on the ticket's page, as the browser sends it, with and without script."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attributes import by_key
from zaguan.tickets.models import Link, Ticket, TicketType
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "action-dialog"}


@pytest.fixture
def fault(world: World) -> TicketType:
    kind = save_type(None, by=world.bo, name="Fault", category="customer", icon="wrench")
    for name, format_, more in (
        ("Model", "text", {"needed_from_agent": True}),
        ("Cost", "decimal", {}),
        ("Visit", "datetime", {"many": True}),
        ("Parts", "list", {"many": True, "options": [{"name": "Drum"}, {"name": "Fuser"}]}),
        ("Photo", "file", {}),
    ):
        save_attribute(kind, None, by=world.bo, name=name, format=format_, **more)
    return kind


def browser(world: World, name: str = "ana") -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def test_an_administrator_makes_a_type_with_a_list(world: World) -> None:
    admin = browser(world, "bo")
    made = admin.post(
        "/desk/settings/types/new/", {"name": "Return", "category": "customer", "icon": "undo-2"}
    )
    kind = TicketType.objects.get()
    assert made["Location"] == f"/desk/settings/types/{kind.pk}/"
    path = f"/desk/settings/types/{kind.pk}/attributes/"
    given: dict[str, Any] = {
        "name": "Reason", "format": "list", "option_key": ["", "", ""], "option_name": ["Broken", "Late", ""],
        "option_es": ["Roto", "", ""], "option_en": ["", "", ""], "option_pt": ["", "", ""],
    }  # fmt: skip
    assert admin.post(f"{path}new/", given).status_code == 302
    reason = kind.attributes.get(key="reason")
    assert [(o["key"], o["names"]) for o in reason.options] == [("broken", {"es": "Roto"}), ("late", {})]
    admin.post(
        f"{path}new/", {"name": "How", "format": "text", "depends_on": reason.pk, "depends_values": "Broken"}
    )
    assert kind.attributes.get(key="how").depends_values == ["broken"]
    ids = list(kind.attributes.values_list("pk", flat=True))
    refused = admin.post(f"{path}move/", {"order": ",".join(map(str, reversed(ids)))}, headers=HTMX)
    assert refused.status_code == 422
    wrong = admin.post(f"{path}new/", {"name": "Empty", "format": "list"}).content.decode()
    assert "A list needs at least one choice" in wrong
    assert browser(world).get("/desk/settings/types/").status_code == 403


def test_a_click_on_a_type_asks_only_for_what_is_missing(world: World, fault: TicketType) -> None:
    ana, ticket = browser(world), make_ticket(world)
    path = f"/desk/tickets/{ticket.pk}/turn/"
    assert "Fault" in ana.get(path, headers=HTMX).content.decode()
    asked = ana.post(path, {"type": fault.pk}, headers=HTMX)
    text = asked.content.decode()
    assert (asked.status_code, "attributes.model" in text.split("<details")[0]) == (200, True)
    assert "attributes.cost" not in text.split("<details")[0]
    # The dialog's focus goes there.
    assert text.split("data-begin-here")[1].partition("name=")[2].startswith('"attributes.model"')
    wrong = ana.post(path, {"type": fault.pk, "asked": "1", "attributes.cost": "cheap"}, headers=HTMX)
    assert (wrong.status_code, "cheap" in wrong.content.decode()) == (422, True)
    done = ana.post(path, {"type": fault.pk, "asked": "1", "attributes.model": "X200"}, headers=HTMX)
    undo = json.loads(done["HX-Trigger"])["toast"]["undo"]
    assert Ticket.objects.get(pk=ticket.pk).type == fault
    ana.post(undo, headers=HTMX)
    assert Ticket.objects.get(pk=ticket.pk).type_id is None


def test_what_is_missing_is_said_beside_a_list_left_empty(world: World, fault: TicketType) -> None:
    save_attribute(fault, None, by=world.bo, name="Cause", format="list", options=[{"name": "Wear"}])
    ana, ticket = browser(world), make_ticket(world)
    sent = {"type": fault.pk, "asked": "1", "attributes.cause": ""}
    answer = ana.post(f"/desk/tickets/{ticket.pk}/turn/", sent, headers=HTMX)
    assert (answer.status_code, "attributes.cause" in answer.content.decode()) == (422, True)


def test_one_click_is_enough_when_nothing_is_missing(world: World) -> None:
    kind = save_type(None, by=world.bo, name="Question", category="customer", icon="lightbulb")
    ticket = make_ticket(world)
    browser(world).post(f"/desk/tickets/{ticket.pk}/turn/", {"type": kind.pk})
    assert Ticket.objects.get(pk=ticket.pk).kind == "customer"


def test_a_tracker_and_the_back_office_are_linked_tickets(world: World) -> None:
    ana, ticket = browser(world), make_ticket(world)
    for category, kind in (("tracker", Link.Kind.TRACKED), ("back_office", Link.Kind.BACK_OFFICE)):
        made = save_type(None, by=world.bo, name=category, category=category, icon="bug")
        answer = ana.post(f"/desk/tickets/{ticket.pk}/turn/", {"type": made.pk}, headers=HTMX)
        assert answer.status_code == 204, answer.content
        assert Link.objects.filter(kind=kind).count() == 1
        assert Ticket.objects.get(type=made).is_internal
    assert Ticket.objects.get(pk=ticket.pk).kind == "conversation"


def test_each_field_is_changed_in_place_and_taken_back(world: World, fault: TicketType) -> None:
    ana, ticket = browser(world), set_type(make_ticket(world), fault, {"model": "X200"}, by=world.ana)
    page = ana.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert 'value="X200"' in page
    path = f"/desk/tickets/{ticket.pk}/attributes/"
    answer = ana.post(path, {"attributes.cost": "12,50"}, headers={"HX-Request": "true"})
    assert by_key(Ticket.objects.get(pk=ticket.pk))["cost"] == "12.50"
    ana.post(json.loads(answer["HX-Trigger"])["toast"]["undo"], headers={"HX-Request": "true"})
    assert by_key(Ticket.objects.get(pk=ticket.pk))["cost"] is None
    ana.post(path, {"attributes.parts": ["", "drum", "fuser"], "attributes.visit": "2026-01-15T09:30"})
    values = by_key(Ticket.objects.get(pk=ticket.pk))
    assert (values["parts"], values["visit"][-1]) == (["drum", "fuser"], "Z")
    refused = ana.post(path, {"attributes.model": ""}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused.json()["field"]) == (422, "attributes.model")


def test_a_file_hangs_on_the_ticket(world: World, fault: TicketType) -> None:
    ana, ticket = browser(world), set_type(make_ticket(world), fault, {"model": "X200"}, by=world.ana)
    photo = SimpleUploadedFile("plate.txt", b"X200", "text/plain")
    ana.post(
        f"/desk/tickets/{ticket.pk}/attributes/", {"attributes.photo": "", "attributes.photo.upload": photo}
    )
    (file_id,) = by_key(Ticket.objects.get(pk=ticket.pk))["photo"]
    served: Any = browser(world, "bo").get(f"/desk/files/{file_id}/")
    assert b"".join(served.streaming_content) == b"X200"
    assert browser(world, "cleo").get(f"/desk/files/{file_id}/").status_code == 404
    other = set_type(make_ticket(world), fault, {"model": "X200"}, by=world.ana)
    stolen = ana.post(
        f"/desk/tickets/{other.pk}/attributes/", {"attributes.photo": file_id}, headers={"HX-Request": "true"}
    )
    assert (stolen.status_code, stolen.json()["field"]) == (422, "attributes.photo")
