"""The form of a new ticket: all or nothing, for customers or colleagues, by mail, by telephone or just for the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from zaguan.conversations.models import Delivery, Draft, Message
from zaguan.people.models import Agent, Contact, Identity
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Link, Phase, Status, Ticket, Urgency

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true", "Accept": "application/json"}


def _values(world: World, **fields: Any) -> dict[str, Any]:
    return {
        "visibility": "public",
        "channel": "email",
        "requester": "Dan Díaz <dan@customer.example>",
        "team": world.support.pk,
        "subject": "Su pedido",
        "mode": "reply",
        "reply_html": "<p>Hola Dan</p>",
        **fields,
    }


def _open(client: Client, world: World, **fields: Any) -> Any:
    return client.post("/desk/tickets/new/", _values(world, **fields), headers=HX)


def test_a_mail_to_a_customer_opens_a_ticket(world: World, signed_in: SignIn) -> None:
    urgent, waiting = (
        Urgency.objects.get(rank=2),
        Status.objects.get(phase=Phase.WAITING_CUSTOMER, is_default=True),
    )
    fields = {
        "urgency": urgent.pk,
        "tags": "pedido, envío",
        "copies": "jefa@customer.example",
        "then": waiting.pk,
    }
    answer = _open(signed_in(world.ana), world, assignee=world.ana.pk, important="on", **fields)
    assert answer.status_code == 201
    ticket = Ticket.objects.get()
    assert answer.json()["url"] == f"/desk/tickets/{ticket.pk}/"
    assert (ticket.requester, ticket.team, ticket.assignee) == (world.dan, world.support, world.ana)
    assert (ticket.urgency, ticket.status, ticket.is_important) == (urgent, waiting, True)
    assert {tag.name for tag in ticket.tags.all()} == {"pedido", "envío"}
    addresses = set(Delivery.objects.values_list("address", flat=True))
    assert addresses == {"dan@customer.example", "jefa@customer.example"}


def test_a_requester_is_made_in_place(world: World, signed_in: SignIn) -> None:
    _open(signed_in(world.ana), world, requester="Nora Nueva <nora@new.example>")
    ticket = Ticket.objects.get()
    assert ticket.requester is not None
    assert ticket.requester.name == "Nora Nueva"
    assert Identity.objects.get(contact=ticket.requester).origin == "agent"


def test_a_call_is_logged_with_its_times(world: World, signed_in: SignIn) -> None:
    fields = {
        "channel": "phone",
        "requester": "Ramón Ruiz <+57 601 234 5678>",
        "direction": "in",
        "started_at": "2026-03-02T10:00",
        "ended_at": "2026-03-02T10:12",
        "outcome": "answered",
        "note_html": "<p>Quiere cambiar la dirección</p>",
    }
    assert _open(signed_in(world.ana), world, **fields).status_code == 201
    call = Message.objects.get()
    assert call.channel == "phone"
    assert call.visibility == Message.Visibility.INTERNAL
    assert call.ticket.channel == "phone"
    assert Identity.objects.get(kind="phone").value == "+576012345678"
    page = signed_in(world.ana).get(f"/desk/tickets/{call.ticket_id}/").content.decode()
    assert "12 minutes" in page
    assert "Quiere cambiar la dirección" in page
    assert not Delivery.objects.exists()


def test_a_caller_is_made_of_the_name_and_the_number_of_the_call(world: World, signed_in: SignIn) -> None:
    fields = {"channel": "phone", "requester": "Ramón Ruiz", "caller": "+57 601 234 5678"}
    assert _open(signed_in(world.ana), world, **fields, note_html="<p>Llamó</p>").status_code == 201
    caller = Ticket.objects.get(requester__name="Ramón Ruiz").requester
    assert Identity.objects.get(contact=caller).value == "+576012345678"


def test_an_internal_ticket_sends_nothing_and_needs_nobody(world: World, signed_in: SignIn) -> None:
    fields = {"visibility": "internal", "requester": "", "note_html": "<p>Comprar tóner</p>"}
    assert _open(signed_in(world.ana), world, **fields).status_code == 201
    ticket = Ticket.objects.get()
    assert ticket.is_internal
    assert ticket.requester is None
    assert Message.objects.get().visibility == Message.Visibility.INTERNAL
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"visibility": ""}, "visibility"),
        ({"team": ""}, "team"),
        ({"subject": "  "}, "subject"),
        ({"requester": ""}, "requester"),
        ({"requester": "nobody at all"}, "requester"),
        ({"requester": "dan@customer.example, eve@stranger.example"}, "requester"),
        ({"copies": "no-address"}, "copies"),
        ({"reply_html": ""}, "html"),
        ({"channel": "phone", "started_at": "2026-03-02T10:00", "ended_at": "2026-03-02T09:00"}, "ended_at"),
        ({"channel": "phone", "started_at": "yesterday"}, "started_at"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_stored(
    world: World, signed_in: SignIn, fields: dict[str, str], field: str
) -> None:
    people = Contact.objects.count()
    answer = _open(signed_in(world.ana), world, **fields)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert not Ticket.objects.exists()
    assert Contact.objects.count() == people


def test_without_script_the_form_comes_back_with_what_was_typed(world: World, signed_in: SignIn) -> None:
    values = _values(world, subject="", reply_html="") | {"reply_text": "Lo que escribí"}
    del values["reply_html"]
    answer = signed_in(world.ana).post("/desk/tickets/new/", values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Lo que escribí" in page
    assert "dan@customer.example" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("channel", ["email", "phone"])
def test_pressing_twice_opens_one_ticket(world: World, signed_in: SignIn, channel: str) -> None:
    client, values = signed_in(world.ana), {"key": "k1", "channel": channel}
    first, second = _open(client, world, **values), _open(client, world, **values)
    assert first.json()["url"] == second.json()["url"]
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_the_half_filled_form_is_kept_until_it_is_sent(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    half = _values(world, subject="A medias")
    assert client.post("/desk/tickets/new/draft/", half, headers=HX).status_code == 204
    page = client.get("/desk/tickets/new/").content.decode()
    assert "A medias" in page
    assert "&lt;p&gt;Hola Dan&lt;/p&gt;" in page
    assert "A medias" not in signed_in(world.bo).get("/desk/tickets/new/").content.decode()
    _open(client, world)
    assert not Draft.objects.exists()


def test_a_follow_up_is_linked_to_what_it_follows(world: World, signed_in: SignIn) -> None:
    old = make_ticket(world, subject="Primera vez")
    client = signed_in(world.ana)
    page = client.get(f"/desk/tickets/new/?follows={old.pk}").content.decode()
    assert "Primera vez" in page
    assert "dan@customer.example" in page
    _open(client, world, follows=old.pk)
    link = Link.objects.get()
    assert (link.source_id, link.kind) == (old.pk, Link.Kind.FOLLOW_UP)


def test_a_ticket_of_another_team_is_neither_copied_nor_linked(world: World, signed_in: SignIn) -> None:
    old = make_ticket(world, subject="Secreto de Ventas", team=world.sales)
    client = signed_in(world.ana)
    assert "Secreto de Ventas" not in client.get(f"/desk/tickets/new/?follows={old.pk}").content.decode()
    _open(client, world, follows=old.pk)
    assert not Link.objects.exists()


def test_one_cannot_open_a_ticket_that_one_would_not_see(world: World, signed_in: SignIn) -> None:
    answer = _open(signed_in(world.ana), world, team=world.sales.pk)
    assert answer.status_code == 422
    assert answer.json()["field"] == "team"
    assert not Ticket.objects.exists()


def test_who_only_reads_opens_nothing(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.rita)
    assert client.get("/desk/tickets/new/").status_code == 403
    assert _open(client, world).status_code == 403
    assert not Ticket.objects.exists()


def test_people_are_offered_by_name_address_and_number(world: World, signed_in: SignIn) -> None:
    found = signed_in(world.ana).get("/desk/requesters/?q=dan").json()
    assert found[0]["value"] == "Dan Díaz <dan@customer.example>"
    assert signed_in(world.ana).get("/desk/requesters/?q=d").json() == []
