"""Mail opens conversations: whatever stands in it, no type and no value is guessed from it, and what is missing is said."""

from __future__ import annotations

import pytest

from zaguan.conversations.receiving import receive
from zaguan.conversations.tests.mails import a_mail
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attributes import attribute_fields, by_key
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import AttributeEntry, AttributeSheet, Ticket, TicketType
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db
TEXT = "Avería\nPlaca: A 12\nColor: Rojo\nattributes.placa=A 12"


@pytest.fixture
def fault(world: World) -> TicketType:
    kind = save_type(None, by=world.bo, name="Avería", category="customer")
    more = {"is_public": True, "needed_from_agent": True, "needed_from_customer": True}
    save_attribute(kind, None, by=world.bo, name="Placa", format="text", **more)
    save_attribute(kind, None, by=world.bo, name="Color", format="list", options=[{"name": "Rojo"}], **more)
    return kind


def _received(world: World) -> Ticket:
    receive(a_mail(text=TEXT, subject="Avería: Placa A 12, Rojo"), world.inbox)
    return Ticket.objects.get()


def test_a_mail_opens_a_conversation_without_any_value(world: World, fault: TicketType) -> None:
    ticket = _received(world)
    assert (ticket.type, by_key(ticket)) == (None, {})
    assert not AttributeSheet.objects.filter(ticket=ticket).exists()
    assert not AttributeEntry.objects.filter(ticket=ticket).exists()
    assert not Ticket.objects.filter(parse('placa:"a 12"', world.bo).q).exists()


def test_an_answer_by_mail_changes_no_value_either(world: World, fault: TicketType) -> None:
    ticket = set_type(_received(world), fault, {"placa": "B 9", "color": "Rojo"}, by=world.ana)
    receive(a_mail(text="Placa: Z 1", subject=f"Re: [#{ticket.pk}] Avería"), world.inbox)
    assert by_key(Ticket.objects.get(pk=ticket.pk))["placa"] == "B 9"


def test_what_is_missing_is_asked_when_it_becomes_a_ticket(world: World, fault: TicketType) -> None:
    ticket = _received(world)
    shown = {
        v.attribute.key: v.value for v in attribute_fields(fault) if v.attribute.key in ("placa", "color")
    }
    assert shown == {"placa": None, "color": None}
    with pytest.raises(NotAccepted) as refusal:
        set_type(ticket, fault, by=world.ana)
    assert set(refusal.value.errors) == {"placa", "color"}
    assert Ticket.objects.get(pk=ticket.pk).type is None
