"""Merging, splitting, cloning and deleting from the desk, with what is asked and what is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zaguan.conversations.drafting import draft_of
from zaguan.conversations.merging import merge
from zaguan.conversations.models import Message
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attributes import by_key
from zaguan.tickets.models import Ticket, Trashed
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db
AJAX = {"HX-Request": "true", "HX-Target": "action-dialog"}


def _two(world: World, **fields: Any) -> tuple[Ticket, Ticket]:
    first, second = make_ticket(world), make_ticket(world, subject="Otra vez", **fields)
    make_message(first, world, "uno")
    make_message(second, world, "dos")
    return first, second


def test_the_dialog_offers_the_customers_other_tickets_then_asks_which_stays(
    world: World, ana: Client
) -> None:
    first, second = _two(world)
    address = f"/desk/tickets/{first.pk}/merge/"
    offered = ana.get(address, headers=AJAX).content.decode()
    assert f"#{second.pk} Otra vez" in offered
    asked = ana.get(f"{address}?ticket={second.pk}", headers=AJAX).content.decode()
    assert 'name="survivor"' in asked
    done = ana.post(
        f"{address}?ticket={second.pk}", {"ticket": second.pk, "survivor": first.pk}, headers=AJAX
    )
    assert done["HX-Redirect"] == f"/desk/tickets/{first.pk}/"
    assert Message.objects.filter(ticket=first).count() == 2


def test_other_customers_need_a_confirmation_that_says_who_sees_what(world: World, ana: Client) -> None:
    first, second = _two(world, requester=world.eve)
    address = f"/desk/tickets/{first.pk}/merge/?ticket={second.pk}"
    shown = ana.post(address, {"ticket": second.pk, "survivor": first.pk}, headers=AJAX)
    assert shown.status_code == 422
    page = shown.content.decode()
    for word in ("eve@stranger.example", "dan@customer.example", "different_people", "copy_requesters"):
        assert word in page
    assert not Ticket.objects.filter(merged_into=first).exists()


def test_where_attributes_differ_one_is_chosen(world: World, ana: Client) -> None:
    kind = save_type(None, by=world.bo, name="Avería", category="customer")
    save_attribute(kind, None, by=world.bo, name="Placa", format="text", is_public=True)
    first, second = _two(world, type=kind, attributes={"placa": "B 2"})
    set_type(first, kind, {"placa": "A 1"}, by=world.ana)
    address = f"/desk/tickets/{first.pk}/merge/?ticket={second.pk}"
    asked = ana.get(address, headers=AJAX).content.decode()
    assert (f"#{first.pk}: A 1" in asked, f"#{second.pk}: B 2" in asked) == (True, True)
    chosen = {"ticket": second.pk, "survivor": first.pk, "attributes.placa": second.pk}
    ana.post(address, chosen, headers=AJAX)
    assert by_key(Ticket.objects.get(pk=first.pk))["placa"] == "B 2"


def test_a_page_without_script_leads_from_the_old_number_to_the_new_one(world: World, ana: Client) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    answer = ana.get(f"/desk/tickets/{second.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/tickets/{first.pk}/")


def test_words_that_are_being_typed_when_a_ticket_is_merged_are_kept(world: World, ana: Client) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.bo)
    saved = ana.post(f"/desk/tickets/{second.pk}/draft/", {"kind": "reply", "html": "<p>a medias</p>"})
    assert saved.status_code < 300
    kept = draft_of(world.ana, first, "reply")
    assert kept is not None
    assert "a medias" in kept.html


def test_taking_back_is_offered_where_it_was_merged(world: World, ana: Client) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    address = f"/desk/tickets/{first.pk}/merged/"
    assert f"#{second.pk}" in ana.get(address, headers=AJAX).content.decode()
    ana.post(address, {"merge": first.merges.get().pk}, headers=AJAX)
    assert Message.objects.filter(ticket=second).count() == 1


def test_it_is_said_which_number_stays_with_one_way_back_for_all(world: World, ana: Client) -> None:
    first, second = _two(world)
    third = make_ticket(world)
    address = f"/desk/tickets/{first.pk}/merge/"
    sent = {"ticket": [second.pk, third.pk], "survivor": first.pk}
    ana.post(address, sent, headers=AJAX)
    page = ana.get(f"/desk/tickets/{first.pk}/").content.decode()
    assert f"Ticket #{first.pk} stays; #{second.pk}, #{third.pk} lead to it." in page
    newest, oldest = first.merges.order_by("-id")
    undo = f"/desk/tickets/{first.pk}/merged/?merge={newest.pk}&merge={oldest.pk}"
    assert f'action="{undo.replace("&", "&amp;")}" data-undo' in page
    done = ana.post(undo, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == f"/desk/tickets/{first.pk}/"
    assert not Ticket.objects.filter(merged_into=first).exists()
    assert "are tickets of their own again" in ana.get(done["HX-Redirect"]).content.decode()


def test_chosen_tickets_of_the_list_meet_in_the_dialog(world: World, ana: Client) -> None:
    first, second = _two(world)
    answer = ana.post("/desk/merge/", {"ticket": [first.pk, second.pk]}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/desk/tickets/{first.pk}/merge/?ticket={second.pk}"
    assert "survivor" in ana.get(answer["HX-Redirect"]).content.decode()


def test_split_and_clone_lead_to_the_new_ticket(world: World, ana: Client) -> None:
    first, second = _two(world)
    merge(first, [second], by=world.ana)
    late = Message.objects.get(text="dos")
    split = ana.post(
        f"/desk/tickets/{first.pk}/split/", {"message": late.pk, "subject": "Aparte"}, headers=AJAX
    )
    assert Ticket.objects.get(subject="Aparte").messages.get() == late
    assert split["HX-Redirect"].endswith(f"/{late.__class__.objects.get(pk=late.pk).ticket_id}/")
    ana.post(f"/desk/tickets/{first.pk}/clone/", {"subject": "Copia", "conversation": "on"}, headers=AJAX)
    assert Ticket.objects.get(subject="Copia").message_count == 1


def test_deleting_asks_and_the_trash_gives_back(world: World, bo: Client) -> None:
    ticket = make_ticket(world)
    assert "trash" in bo.get(f"/desk/tickets/{ticket.pk}/delete/", headers=AJAX).content.decode()
    bo.post(f"/desk/tickets/{ticket.pk}/delete/", {"reason": "spam"}, headers=AJAX)
    assert bo.get(f"/desk/tickets/{ticket.pk}/").status_code == 404
    page = bo.get("/desk/trash/").content.decode()
    assert "spam" in page
    assert bo.post(f"/desk/trash/{ticket.pk}/restore/").status_code == 302
    assert bo.get(f"/desk/tickets/{ticket.pk}/").status_code == 200
    assert "The trash is empty" in bo.get("/desk/trash/").content.decode()


def test_an_agent_may_not_delete_and_a_lead_may_not_erase(world: World, ana: Client) -> None:
    ticket = make_ticket(world)
    assert ana.post(f"/desk/tickets/{ticket.pk}/delete/").status_code == 403
    assert ana.get("/desk/trash/").status_code == 403
    assert ana.post(f"/desk/trash/{ticket.pk}/purge/").status_code == 403
    assert not Trashed.objects.exists()
