"""Settings → Ways between statuses, on pages and over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zaguan.people import reference as people
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.attribute_catalogue import save_type
from zaguan.tickets.models import Phase, Status
from zaguan.tickets.requirements import needs_of
from zaguan.tickets.statuses import default_status
from zaguan.tickets.transitions import EVERYBODY, NOBODY, SOME, Way, way

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/transitions/"


def of(phase: Phase) -> Status:
    people.forget_all()
    return default_status(phase)


def desk(world: World) -> Client:
    world.bo.language = "en"
    world.bo.save()
    client = Client()
    client.force_login(world.bo)
    return client


def test_taking_a_tick_away_makes_a_way_nobodys() -> None:
    world = make_world()
    client, statuses = desk(world), list(Status.objects.filter(archived_at=None))
    shown = client.get(HOME).text
    assert shown.count('name="way"') == len(statuses) * (len(statuses) - 1)
    gone = f"{of(Phase.NEW).pk}-{of(Phase.RESOLVED).pk}"
    ticked = [f"{a.pk}-{b.pk}" for a in statuses for b in statuses if a != b]
    columns = [status.pk for status in statuses]
    client.post(HOME, {"column": columns, "way": [pair for pair in ticked if pair != gone]})
    assert way(of(Phase.NEW).pk, of(Phase.RESOLVED), None).who == NOBODY
    assert way(of(Phase.OPEN).pk, of(Phase.RESOLVED), None).who == EVERYBODY
    assert client.get(HOME).text.count("checked aria-label") == len(ticked) - 1
    client.post(HOME, {"column": columns, "way": ticked})
    assert of(Phase.RESOLVED).ways == {}


def test_roles_and_teams_are_chosen_for_one_way_and_taken_back() -> None:
    world = make_world()
    client, target, source = desk(world), of(Phase.RESOLVED), of(Phase.OPEN)
    address = f"{HOME}{target.pk}/from/{source.pk}/"
    empty = client.post(address, {"who": "some"}).text
    assert "Choose at least one role or team, or nobody." in empty
    client.post(address, {"who": "some", "roles": [world.bo.role_id], "rules": "on"})
    assert way(source.pk, of(Phase.RESOLVED), None) == Way(SOME, (world.bo.role_id,), (), True)
    assert world.bo.role.name in client.get(f"{HOME}{target.pk}/").text
    assert f'value="{world.bo.role_id}" checked' in client.get(address).text
    client.post(address, {"who": ""})
    assert of(Phase.RESOLVED).ways == {}


def test_what_a_type_asks_for_comes_to_what_is_asked_for_on_all_tickets() -> None:
    world = make_world()
    kind = save_type(None, by=world.bo, name="Repair", category="customer", icon="wrench")
    client, target = desk(world), of(Phase.RESOLVED)
    client.post(f"{HOME}{target.pk}/", {"fields": ["category"]})
    client.post(f"{HOME}{target.pk}/?type={kind.pk}", {"fields": ["urgency"]})
    assert needs_of(of(Phase.RESOLVED), None) == ["category"]
    assert needs_of(of(Phase.RESOLVED), kind.pk) == ["category", "urgency"]
    assert "Asks for: Category, Urgency" in client.get(f"{HOME}?type={kind.pk}").text


def test_the_api_reads_and_writes_the_same_and_says_where_a_ticket_may_go() -> None:
    world = make_world()
    ticket, target = make_ticket(world), of(Phase.RESOLVED)
    headers: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {create_token(world.bo, by=world.bo)}"}

    def put(part: str, body: dict[str, Any]) -> Any:
        address = f"/api/v1/statuses/{target.pk}/{part}"
        return Client().put(address, json.dumps(body), content_type="application/json", **headers)

    assert put("ways", {"who": "some", "roles": []}).status_code == 422
    said = put("ways", {"who": "nobody", "source": of(Phase.NEW).pk}).json()
    assert said["ways"][0]["who"] == "nobody"
    assert put("needs", {"fields": ["category"]}).json()["needs"] == [{"type": None, "fields": ["category"]}]
    moves = {m["id"]: m for m in Client().get(f"/api/v1/tickets/{ticket.pk}/statuses", **headers).json()}
    assert "Nobody" in moves[target.pk]["why_not"] or "Nadie" in moves[target.pk]["why_not"]
    assert [m["field"] for m in moves[target.pk]["missing"]] == ["category"]
    assert put("ways", {"who": None, "source": of(Phase.NEW).pk}).json()["ways"] == []
    change = {"status": target.pk}
    answer = Client().patch(
        f"/api/v1/tickets/{ticket.pk}", json.dumps(change), content_type="application/json", **headers
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "category")
