"""Merging, splitting, cloning and the trash for machines, with the preview, the chosen attributes and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zaguan.api.tests.calling import call
from zaguan.conversations.models import Message
from zaguan.people.profiles import by_key as profile_of
from zaguan.people.profiles import save_field, set_profile
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attributes import by_key
from zaguan.tickets.models import Merge, Ticket, Trashed

pytestmark = pytest.mark.django_db


def _two(world: World, **fields: Any) -> tuple[Ticket, Ticket]:
    kind = save_type(None, by=world.bo, name="Avería", category="customer")
    save_attribute(kind, None, by=world.bo, name="Placa", format="text", is_public=True)
    first = make_ticket(world, type=kind, attributes={"placa": "A 1"})
    second = make_ticket(world, type=kind, attributes={"placa": "B 2"}, subject="Otra vez", **fields)
    make_message(first, world, "uno")
    make_message(second, world, "dos")
    return first, second


def test_a_merge_is_seen_before_done_and_taken_back(world: World, ana: Client) -> None:
    first, second = _two(world)
    seen = ana.get(f"/api/v1/tickets/{first.pk}/merge-preview", {"numbers": second.pk}).json()
    assert seen["attributes"] == [
        {"key": "placa", "label": "Placa", "values": {str(first.pk): "A 1", str(second.pk): "B 2"}}
    ]
    assert [r["numbers"] for r in seen["readers"]] == [[first.pk, second.pk]]
    done = call(
        ana, "post", f"/tickets/{first.pk}/merge", numbers=[second.pk], attributes={"placa": second.pk}
    )
    assert (done.status_code, done.json()["attributes"]["placa"]) == (200, "B 2")
    assert ana.get(f"/api/v1/tickets/{second.pk}").json()["number"] == first.pk
    (merged,) = ana.get(f"/api/v1/tickets/{first.pk}/merges").json()
    assert (merged["number"], merged["subject"]) == (second.pk, "Otra vez")
    back = call(ana, "delete", f"/tickets/{first.pk}/merges/{merged['id']}")
    assert (back.status_code, back.json()["number"]) == (200, second.pk)
    assert by_key(Ticket.objects.get(pk=first.pk))["placa"] == "A 1"
    assert Message.objects.get(text="dos").ticket_id == second.pk


def test_a_choice_that_is_none_is_refused_by_its_field(world: World, ana: Client) -> None:
    first, second = _two(world)
    refused = call(ana, "post", f"/tickets/{first.pk}/merge", numbers=[second.pk], attributes={"nada": 1})
    assert refused.status_code == 422
    assert "attributes.nada" in refused.content.decode()
    assert not Merge.objects.exists()


def test_other_customers_need_a_word(world: World, ana: Client) -> None:
    first, second = _two(world, requester=world.eve)
    path = f"/tickets/{first.pk}/merge"
    assert call(ana, "post", path, numbers=[second.pk]).status_code == 422
    done = call(ana, "post", path, numbers=[second.pk], different_people=True, copy_requesters=True)
    assert done.status_code == 200
    assert list(first.copies.values_list("email", flat=True)) == ["eve@stranger.example"]


def test_what_an_agent_may_not_know_of_is_neither_seen_nor_merged(world: World, ana: Client) -> None:
    first, second = _two(world, team=world.sales)
    assert ana.get(f"/api/v1/tickets/{first.pk}/merge-preview", {"numbers": second.pk}).status_code == 404
    assert call(ana, "post", f"/tickets/{first.pk}/merge", numbers=[second.pk]).status_code == 404


def test_the_same_key_merges_once(world: World, ana: Client) -> None:
    first, second = _two(world)
    path, key = f"/api/v1/tickets/{first.pk}/merge", {"Idempotency-Key": "m-1"}
    body = {"numbers": [second.pk]}
    answers = [ana.post(path, body, content_type="application/json", headers=key) for _twice in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert Merge.objects.count() == 1


def test_split_and_clone_make_new_tickets(world: World, ana: Client) -> None:
    first, _second = _two(world)
    late = make_message(first, world, "aparte")
    split = call(ana, "post", f"/tickets/{first.pk}/split", message=late.pk, subject="Aparte")
    assert (split.status_code, split.json()["subject"]) == (201, "Aparte")
    copy = call(ana, "post", f"/tickets/{first.pk}/clone", subject="Copia", with_conversation=True).json()
    assert (copy["subject"], copy["attributes"]["placa"]) == ("Copia", "A 1")


def test_the_trash_takes_gives_back_and_erases(world: World, ana: Client, bo: Client) -> None:
    first, second = _two(world)
    assert call(ana, "post", f"/tickets/{first.pk}/delete").status_code == 403
    for ticket in (first, second):
        assert call(bo, "post", f"/tickets/{ticket.pk}/delete", reason="prueba").status_code == 204
    assert {row["number"] for row in bo.get("/api/v1/trash").json()} == {first.pk, second.pk}
    assert call(bo, "post", f"/trash/{first.pk}/restore").json()["number"] == first.pk
    assert call(bo, "delete", f"/trash/{second.pk}").status_code == 204
    assert (Trashed.objects.exists(), Ticket.objects.filter(pk=second.pk).exists()) == (False, False)


def test_contacts_merge_with_the_chosen_profile(world: World, ana: Client) -> None:
    save_field("contact", None, by=world.bo, name="Puerta", format="text")
    set_profile(world.dan, {"puerta": "1 A"}, by=world.ana)
    set_profile(world.eve, {"puerta": "2 B"}, by=world.ana)
    done = call(
        ana, "post", f"/contacts/{world.dan.public_id}/merge", other=world.eve.public_id, profile=["puerta"]
    ).json()
    assert profile_of(world.dan) == {"puerta": "2 B"}
    call(ana, "post", f"/contact-merges/{done['id']}/undo")
    assert (profile_of(world.dan), profile_of(world.eve)) == ({"puerta": "1 A"}, {"puerta": "2 B"})
