"""Activities, checklists, promises, products, followers and the library by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from zaguan.api.tests.calling import Caller
from zaguan.conversations.attachments import store
from zaguan.conversations.models import LibraryItem
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Activity, ChecklistItem, ChecklistTemplate, Product, ProductItem, Schedule

pytestmark = pytest.mark.django_db
SOON = "2099-03-02T14:00:00Z"


@pytest.fixture
def ana(world: World) -> Caller:
    return Caller(world.ana)


def test_an_activity_is_planned_moved_done_and_taken_off(world: World, ana: Caller) -> None:
    number = make_ticket(world).pk
    plan = {"kind": "call", "subject": "Llamar", "starts_at": SOON, "ticket": number, "remind_minutes": 15}
    made = ana.twice("POST", "/activities", plan)
    assert Activity.objects.count() == 1
    assert (made["owner"]["name"], made["ticket"], made["starts_at"]) == (
        "Ana",
        number,
        "2099-03-02T14:00:00Z",
    )
    path = f"/activities/{made['id']}"
    assert ana.twice("PATCH", path, {"place": "Patio", "done": True})["done_by"]["name"] == "Ana"
    assert ana("PATCH", path, {"done": False})["done_at"] is None
    assert [
        each["id"] for each in ana("GET", f"/activities?owner=me&ticket={number}&done=false")["items"]
    ] == [made["id"]]
    ana("DELETE", path)
    assert ana.refused(404, "GET", path)


@pytest.mark.parametrize("time_zone", ["Asia/Tokyo", ""])
def test_a_time_without_a_zone_is_meant_as_the_callers_clock_says(world: World, time_zone: str) -> None:
    world.ana.time_zone = time_zone
    world.ana.save()
    ana, number = Caller(world.ana), make_ticket(world).pk
    bare = "2099-03-02T09:00:00"
    there = ZoneInfo(time_zone or settings.TIME_ZONE)

    def meant(year: int) -> str:
        return f"{datetime(year, 3, 2, 9, tzinfo=there).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    plan = {"subject": "Llamar", "starts_at": bare, "ticket": number, "ends_at": "2099-03-02T10:00:00"}
    made = ana("POST", "/activities", plan)
    assert ana("GET", f"/activities/{made['id']}")["starts_at"] == meant(2099)
    ana("PATCH", f"/activities/{made['id']}", {"starts_at": bare, "ends_at": None})
    ana("PUT", f"/tickets/{number}/promise", {"promised_at": bare})
    assert ana("GET", f"/tickets/{number}/promise")["promised_at"] == meant(2099)
    ana("POST", f"/tickets/{number}/snooze", {"until": bare})
    ana("PATCH", f"/tickets/{number}", {"status": "Postponed", "until": bare})
    span = {"started_at": "2026-03-02T09:00:00", "ended_at": "2026-03-02T09:30:00"}
    (entry,) = ana("POST", f"/tickets/{number}/time-entries", span | {"kind": "normal"})
    assert ana("GET", f"/time-entries/{entry['id']}")["started_at"] == meant(2026)


def test_a_planned_ticket_opens_by_the_clock_of_its_zone(world: World) -> None:
    body = {
        "values": {"subject": "Ronda", "is_internal": True, "team": "Support"},
        "starts_at": "2099-03-02T09:00:00", "zone": "America/Bogota",
    }  # fmt: skip
    made = Caller(world.bo)("POST", "/scheduled-tickets", body)
    assert Schedule.objects.get(pk=made["id"]).next_at == datetime(2099, 3, 2, 14, tzinfo=UTC)


def test_an_activity_that_makes_no_sense_or_is_not_ones_own(world: World, ana: Caller) -> None:
    number, hidden = make_ticket(world).pk, make_ticket(world, team=world.sales).pk
    plan = {"subject": "Llamar", "starts_at": SOON, "ticket": number}
    assert ana.refused(
        422, "POST", "/activities", plan | {"ends_at": "2099-03-01T09:00:00Z"}, field="ends_at"
    )
    assert ana.refused(422, "POST", "/activities", plan | {"owner": "Nadie"})
    assert ana.refused(422, "POST", "/activities", plan | {"kind": "nap"}, field="kind")
    assert ana.refused(404, "POST", "/activities", plan | {"ticket": hidden})
    assert Caller(world.rita).refused(403, "POST", "/activities", plan)
    made = ana("POST", "/activities", plan)
    cleo = Caller(world.cleo)
    for method in ("GET", "PATCH", "DELETE"):
        assert cleo.refused(404, method, f"/activities/{made['id']}", {} if method == "PATCH" else None)
    assert Activity.objects.count() == 1


def test_a_checklist_is_written_ticked_and_cut(world: World, ana: Caller) -> None:
    number = make_ticket(world).pk
    path = f"/tickets/{number}/checklist"
    ChecklistTemplate.objects.create(name="Alta", items=["Cuenta", "Clave"])
    first, second = ana.twice("POST", path, {"template": "Alta"})
    assert ChecklistItem.objects.count() == 2
    ticked = ana.twice("PATCH", f"{path}/{first['id']}", {"done": True})
    assert ticked["done_by"]["name"] == "Ana"
    ana("DELETE", f"{path}/{second['id']}")
    assert [item["text"] for item in ana("GET", path)] == ["Cuenta"]
    assert ana.refused(422, "POST", path, {"items": [" "]}, field="text")
    assert ana.refused(422, "POST", path, {"items": ["x"] * 100}, field="text")
    assert ana.refused(422, "POST", path, {"template": "Nada"}, field="template")
    assert Caller(world.rita).refused(403, "POST", path, {"items": ["x"]})
    assert Caller(world.cleo).refused(404, "GET", path)
    other = make_ticket(world).pk
    assert ana.refused(404, "PATCH", f"/tickets/{other}/checklist/{first['id']}", {"done": False})


def test_a_promise_is_given_and_changed_with_a_reason(world: World, ana: Caller) -> None:
    path = f"/tickets/{make_ticket(world).pk}/promise"
    assert ana.refused(422, "PUT", path, {"promised_at": None}, field="promised_at")
    given = ana.twice("PUT", path, {"promised_at": SOON, "public": True})
    assert (given["promised_at"], given["public"], given["kept"]) == ("2099-03-02T14:00:00Z", True, None)
    later = {"promised_at": "2099-03-03T09:00:00Z"}
    assert ana.refused(422, "PUT", path, later, field="reason")
    assert ana("PUT", path, later | {"reason": "Falta una pieza"})["promised_at"] == later["promised_at"]
    assert Caller(world.rita).refused(403, "PUT", path, later)
    assert Caller(world.cleo).refused(404, "GET", path)


def test_a_piece_is_recorded_found_by_its_serial_and_put_on_a_ticket(world: World, ana: Caller) -> None:
    Product.objects.create(code="H-200", name="Horno")
    body = {
        "product": "h-200",
        "serial": "ab-12 34",
        "contact": world.dan.public_id,
        "warranty_until": "2030-01-31",
    }
    made = ana.twice("POST", "/product-items", body)
    assert ProductItem.objects.count() == 1
    assert made["product"]["name"] == "Horno"
    assert ana.refused(422, "POST", "/product-items", body | {"serial": "AB1234"}, field="serial")
    assert ana.refused(422, "POST", "/product-items", body | {"product": "nada"}, field="product")
    assert [each["id"] for each in ana("GET", "/product-items?serial=ab12")["items"]] == [made["id"]]
    number = make_ticket(world).pk
    path = f"/tickets/{number}/products"
    assert [each["id"] for each in ana.twice("POST", path, {"item": made["id"]})] == [made["id"]]
    assert ana.refused(422, "DELETE", f"/product-items/{made['id']}")
    ana("DELETE", f"{path}/{made['id']}")
    assert ana("GET", path) == []
    assert (
        ana.twice("PATCH", f"/product-items/{made['id']}", {"warranty_until": None})["warranty_until"] is None
    )
    assert Caller(world.rita).refused(403, "POST", "/product-items", body)
    assert Caller(world.cleo).refused(404, "GET", path)
    ana("DELETE", f"/product-items/{made['id']}")
    assert not ProductItem.objects.exists()


def test_following_is_ones_own_and_twice_is_once(world: World, ana: Caller) -> None:
    number = make_ticket(world).pk
    for _time in range(2):
        ana("PUT", f"/tickets/{number}/following")
    assert [each["name"] for each in ana("GET", f"/tickets/{number}/followers")] == ["Ana"]
    assert Caller(world.cleo).refused(404, "PUT", f"/tickets/{number}/following")
    for _time in range(2):
        ana("DELETE", f"/tickets/{number}/following")
    assert ana("GET", f"/tickets/{number}/followers") == []


def test_the_library_takes_files_and_safe_addresses_of_those_who_keep_it(world: World, ana: Caller) -> None:
    bo = Caller(world.bo)
    made = bo.twice("POST", "/library", {"address": "example.com/manual", "folder": "Ayuda"})
    assert (LibraryItem.objects.count(), made["address"]) == (1, "https://example.com/manual")
    for wrong in ("javascript:alert(1)", "file:///etc/passwd", "ftp://example.com/x"):
        assert bo.refused(422, "POST", "/library", {"address": wrong}, field="address")
    assert bo.refused(422, "POST", "/library", {"name": "Nada"}, field="address")
    foreign = store(b"x", "x.txt", "text/plain", by=world.ana)
    assert bo.refused(422, "POST", "/library", {"attachment": foreign.public_id}, field="attachment")
    assert ana.refused(403, "POST", "/library", {"address": "example.com"})
    number = make_ticket(world).pk
    hung = ana.twice("POST", f"/tickets/{number}/items", {"library_item": made["id"]})
    assert (hung["what"], hung["address"]) == ("library", "https://example.com/manual")
    assert bo.twice("PATCH", f"/library/{made['id']}", {"archived": True})["archived"]
    assert ana("GET", "/library") == []
    assert ana.refused(422, "POST", f"/tickets/{make_ticket(world).pk}/items", {"library_item": made["id"]})
    assert Caller(world.cleo).refused(404, "GET", f"/tickets/{number}/items")


def test_a_change_of_what_somebody_else_changed_says_what_it_was(world: World, ana: Caller) -> None:
    ticket = make_ticket(world)
    path = f"/tickets/{ticket.pk}"
    read = ana("GET", path)["version"]
    Caller(world.bo)("PATCH", path, {"subject": "Otro"})
    answer = ana.ask("PATCH", path, {"is_important": True}, **{"If-Match": f'"{read}"'})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["version"] == read + 1
    assert answer.json()["changes"]
    again = ana.ask("PATCH", path, {"is_important": True}, **{"If-Match": f'"{read + 1}"'})
    assert again.status_code == 200
