"""Involved parties with roles, copies by one click, and followers."""

from __future__ import annotations

import pytest
from django.utils import timezone

from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import set_team
from zaguan.tickets.following import follow, followers_of, unfollow
from zaguan.tickets.history import feed
from zaguan.tickets.listing import page
from zaguan.tickets.models import PartyRole
from zaguan.tickets.parties import add_party, change_role, copy_party, remove_party


def _role(name: str = "Agency") -> PartyRole:
    found: PartyRole = next(role for role in PartyRole.objects.all() if role.names["en"] == name)
    return found


def test_contact_agent_and_stranger_take_part(world: World) -> None:
    ticket = make_ticket(world)
    contact = add_party(ticket, _role("Reporter"), contact=world.eve, by=world.ana)
    agent = add_party(ticket, _role("Colleague"), agent=world.bo, by=world.ana)
    other = add_party(ticket, _role(), name=" Agencia  Sol ", email="Sol@Agency.Example", by=world.ana)
    assert (contact.name, contact.email) == ("Eve Evans", "eve@stranger.example")
    assert agent.email == "bo@zaguan.example"
    assert (other.name, other.email) == ("Agencia Sol", "sol@agency.example")
    again = add_party(ticket, _role("Reporter"), contact=world.eve, by=world.ana)
    assert again.pk == contact.pk
    assert ticket.parties.count() == 3
    told = [entry.sentence for entry in feed(ticket).entries]
    assert any("Eve Evans" in sentence and "Informador" in sentence for sentence in told)


@pytest.mark.parametrize(("name", "email"), [("", ""), ("Sol", "no-address"), ("", "a@b@c")])
def test_a_party_needs_a_name_or_a_real_address(world: World, name: str, email: str) -> None:
    with pytest.raises(Refused):
        add_party(make_ticket(world), _role(), name=name, email=email, by=world.ana)


def test_one_click_copies_and_takes_out_again(world: World) -> None:
    ticket = make_ticket(world)
    party = add_party(ticket, _role(), contact=world.eve, by=world.ana)
    copy_party(party, True, by=world.ana)
    assert [copy.email for copy in ticket.copies.all()] == ["eve@stranger.example"]
    copy_party(party, False, by=world.ana)
    assert not ticket.copies.exists()
    nobody = add_party(ticket, _role(), name="Nur Name", by=world.ana)
    with pytest.raises(Refused):
        copy_party(nobody, True, by=world.ana)


def test_an_internal_ticket_copies_nobody(world: World) -> None:
    ticket = make_ticket(world, is_internal=True)
    party = add_party(ticket, _role(), contact=world.eve, by=world.ana)
    with pytest.raises(Refused):
        copy_party(party, True, by=world.ana)


def test_taken_out_once(world: World) -> None:
    ticket = make_ticket(world)
    party = add_party(ticket, _role(), name="Sol", by=world.ana)
    remove_party(party, by=world.ana)
    remove_party(party, by=world.ana)
    assert not ticket.parties.exists()
    assert EventRecord.objects.filter(kind="tickets.PartyRemoved").count() == 1


def test_another_role_in_place(world: World) -> None:
    ticket = make_ticket(world)
    party = add_party(ticket, _role("Reporter"), contact=world.eve, by=world.ana)
    copy_party(party, True, by=world.ana)
    for _twice in range(2):
        assert change_role(party, _role(), by=world.ana).pk == party.pk
    assert [(p.role, p.contact) for p in ticket.parties.all()] == [(_role(), world.eve)]
    assert ticket.copies.count() == 1
    event = EventRecord.objects.get(kind="tickets.PartyRoleChanged")
    assert event.data["roles"] == [_role("Reporter").name, _role().name]
    assert any("Eve Evans" in e.sentence and _role().name in e.sentence for e in feed(ticket).entries[:2])


def test_nobody_has_the_same_role_twice(world: World) -> None:
    ticket = make_ticket(world)
    add_party(ticket, _role(), contact=world.eve, by=world.ana)
    other = add_party(ticket, _role("Reporter"), contact=world.eve, by=world.ana)
    with pytest.raises(Refused):
        change_role(other, _role(), by=world.ana)
    gone = _role("Colleague")
    gone.archived_at = gone.archived_at or timezone.now()
    with pytest.raises(Refused):
        change_role(other, gone, by=world.ana)


def test_followed_tickets_are_a_view_as_long_as_they_may_be_read(world: World) -> None:
    ticket = make_ticket(world)
    assert follow(ticket, world.ana, by=world.ana)
    assert not follow(ticket, world.ana, by=world.ana)
    assert [row.number for row in page(world.ana, view="following").rows] == [ticket.pk]
    assert [agent.name for agent in followers_of(ticket)] == ["Ana"]
    with pytest.raises(Refused):
        follow(ticket, world.cleo, by=world.ana)
    moved = set_team(ticket, world.sales, by=world.bo)
    assert page(world.ana, view="following").rows == []
    assert followers_of(moved) == []
    assert unfollow(ticket, world.ana, by=world.ana)
    assert not unfollow(ticket, world.ana, by=world.ana)
