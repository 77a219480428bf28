"""Parties, followers, handing over, and notes as a chat, on the ticket's page."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.test import Client

from zaguan.conversations.models import Mention, Message
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.following import follow
from zaguan.tickets.models import Party, PartyRole, Ticket
from zaguan.tickets.parties import add_party

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true"}
DIALOG = {**HX, "HX-Target": "action-dialog"}


def _tab(client: Client, ticket: Ticket, key: str) -> str:
    return client.get(f"/desk/tickets/{ticket.pk}/?tab={key}").content.decode()


def test_whoever_is_known_is_taken_as_who_they_are(world: World, signed_in: SignIn) -> None:
    ticket, role = make_ticket(world), PartyRole.objects.first()
    assert role is not None
    client = signed_in(world.ana)
    who = "Eve <eve@stranger.example>, Bo <BO@zaguan.example>, Sol <sol@agency.example>"
    client.post(f"/desk/tickets/{ticket.pk}/parties/", {"who": who, "role": role.pk}, headers=HX)
    client.post(f"/desk/tickets/{ticket.pk}/parties/", {"who": "Vecina del quinto", "role": role.pk})
    kinds = [(p.name, p.contact_id is not None, p.agent_id is not None) for p in ticket.parties.all()]
    assert kinds == [
        ("Eve Evans", True, False), ("Bo", False, True), ("Sol", False, False), ("Vecina del quinto", False, False),
    ]  # fmt: skip
    assert "sol@agency.example" in _tab(client, ticket, "parties")


def test_in_copy_with_one_click_and_undone(world: World, signed_in: SignIn) -> None:
    ticket, role = make_ticket(world), PartyRole.objects.first()
    assert role is not None
    client = signed_in(world.ana)
    client.post(f"/desk/tickets/{ticket.pk}/parties/", {"who": "sol@agency.example", "role": role.pk})
    party = Party.objects.get()
    answer = client.post(f"/desk/tickets/{ticket.pk}/parties/{party.pk}/", {"do": "copy"}, headers=HX)
    assert ticket.copies.get().email == "sol@agency.example"
    assert "do=no-copy" in answer["HX-Trigger"]
    client.post(f"/desk/tickets/{ticket.pk}/parties/{party.pk}/?do=no-copy", headers=HX)
    assert not ticket.copies.exists()
    client.post(f"/desk/tickets/{ticket.pk}/parties/{party.pk}/", {"do": "remove"})
    assert not Party.objects.exists()
    other = make_ticket(world)
    assert client.post(f"/desk/tickets/{other.pk}/parties/{party.pk}/", {"do": "copy"}).status_code == 404


def test_nobody_is_refused(world: World, signed_in: SignIn) -> None:
    ticket, role = make_ticket(world), PartyRole.objects.first()
    assert role is not None
    answer = signed_in(world.ana).post(
        f"/desk/tickets/{ticket.pk}/parties/", {"who": " ", "role": role.pk}, headers=HX
    )
    assert answer.status_code == 422


def test_follow_and_no_longer(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    client.post(f"/desk/tickets/{ticket.pk}/follow/", headers=HX)
    assert ticket.followers.get().agent == world.ana
    assert f"tickets/{ticket.pk}/" in client.get("/desk/views/following/?part=list").content.decode()
    client.post(f"/desk/tickets/{ticket.pk}/follow/?on=1", headers=HX)
    assert ticket.followers.count() == 1
    client.post(f"/desk/tickets/{ticket.pk}/follow/", headers=HX)
    assert not ticket.followers.exists()
    # Rita only reads, and may follow what she reads.
    assert signed_in(world.rita).post(f"/desk/tickets/{ticket.pk}/follow/").status_code == 302
    assert signed_in(world.cleo).post(f"/desk/tickets/{ticket.pk}/follow/").status_code == 404


def test_handing_over_in_the_dialog(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    address = f"/desk/tickets/{ticket.pk}/transfer/"
    form = client.get(address, headers=DIALOG).content.decode()
    assert "<html" not in form
    assert 'hx-target="#action-dialog"' in form
    refused = client.post(address, {"team": "", "note_text": "Quieren <b>precio</b>"}, headers=DIALOG)
    assert refused.status_code == 422
    assert "Quieren &lt;b&gt;precio" in refused.content.decode()
    assert 'data-error-field="team"' in refused.content.decode()
    done = client.post(address, {"team": world.sales.pk, "note_text": "Quieren precio"}, headers=DIALOG)
    # Ana is not in Sales: the ticket is out of her sight, so she is led away.
    assert (done.status_code, done["HX-Redirect"]) == (204, "/desk/")
    assert Ticket.objects.get(pk=ticket.pk).team_id == world.sales.pk
    assert "Quieren precio" in Message.objects.get(ticket=ticket, direction="note").text


def test_handing_over_without_script_is_a_page(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.bo)
    page = client.get(f"/desk/tickets/{ticket.pk}/transfer/").content.decode()
    assert "<html" in page
    answer = client.post(f"/desk/tickets/{ticket.pk}/transfer/", {"team": world.sales.pk})
    assert answer["Location"] == f"/desk/tickets/{ticket.pk}/"


def test_a_quick_note_is_kept_once_and_names_colleagues(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    follow(ticket, world.bo, by=world.bo)
    text = {"note_text": "¿Lo miras, @Bo?\n<script>no</script>", "key": "k1"}
    first = client.post(f"/desk/tickets/{ticket.pk}/chat/", text, headers=HX)
    assert "chat:kept" in first["HX-Trigger"]
    client.post(f"/desk/tickets/{ticket.pk}/chat/", text, headers=HX)
    note = Message.objects.get(ticket=ticket, direction="note")
    assert note.visibility == "internal"
    assert Mention.objects.get(message=note).agent == world.bo
    chat = _tab(client, ticket, "notes")
    assert '<span class="mention">@Bo</span>' in chat
    assert "<script>no" not in chat
    assert f'id="chat-{note.pk}"' in chat


def test_interactions_leave_out_what_is_internal(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    make_message(ticket, world, "Palabras del cliente")
    client.post(f"/desk/tickets/{ticket.pk}/chat/", {"note_text": "Solo nuestro"})
    page = client.get(f"/desk/tickets/{ticket.pk}/?tab=interactions&part=panel").content.decode()
    assert "Palabras del cliente" in page
    assert "Solo nuestro" not in page
    sent = client.get(f"/desk/tickets/{ticket.pk}/?tab=interactions&way=out&part=panel").content.decode()
    assert "Palabras del cliente" not in sent


def test_the_summary_keeps_every_wording(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    for words in ("Primera idea", "Segunda idea"):
        client.post(f"/desk/tickets/{ticket.pk}/fields/", {"summary": words})
    page = client.get(f"/desk/tickets/{ticket.pk}/?tab=summary&part=panel").content.decode()
    assert "Segunda idea</textarea>" in page
    assert page.count("Primera idea") == 2


def test_a_role_is_changed_in_place_and_back(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    old, new = PartyRole.objects.order_by("position")[:2]
    party = add_party(ticket, old, contact=world.eve, by=world.ana)
    client, address = signed_in(world.ana), f"/desk/tickets/{ticket.pk}/parties/{party.pk}/"
    assert f'id="role-{party.pk}"' in client.get(f"/desk/tickets/{ticket.pk}/?tab=parties").content.decode()
    said = client.post(address, {"do": "role", "role": new.pk}, headers={"HX-Request": "true"})
    assert Party.objects.get().role == new
    client.post(json.loads(said["HX-Trigger"])["toast"]["undo"], headers={"HX-Request": "true"})
    assert Party.objects.get().role == old
    assert client.post(address, {"do": "role", "role": "999"}).status_code == 404
    assert signed_in(world.cleo).post(address, {"do": "role", "role": new.pk}).status_code == 404
