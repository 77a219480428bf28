"""Distribution by the API: routes, skills, capacity, presence, next."""

from __future__ import annotations

from zaguan.api.tests.test_macros import Machine
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Category, Ticket


def test_a_route_from_making_to_deleting(world: World) -> None:
    call = Machine(world.bo)
    call("PUT", "/me/availability", {"availability": "online"})
    Machine(world.ana)("PUT", "/me/availability", {"availability": "online"})
    body = {"name": "Support", "team": "Support", "strategy": "turn", "in_hours": False}
    made = call("POST", "/routes", body, expect=201, key="r1")
    assert call("POST", "/routes", body, expect=201, key="r1")["id"] == made["id"]
    assert made["sentences"][:2] == ["All tickets of Support.", "They go to those who are there, in turn."]
    found = call("GET", f"/routes/{made['id']}/preview?language=pt")
    assert (found["chosen"], found["agents"][0]["reasons"][0]) == (
        world.ana.pk,
        "nobody here speaks Portuguese",
    )
    changed = call("PATCH", f"/routes/{made['id']}", {"overflow_team": "Sales", "overflow_minutes": 5})
    assert changed["overflow_team"] == world.sales.pk
    call("PATCH", f"/routes/{made['id']}", {"query": "nosuch:x"}, expect=422)
    second = call("POST", "/routes", {"name": "Calls", "query": "channel:phone"}, expect=201)
    order = call("PUT", "/routes/order", {"ids": [second["id"], made["id"]]})
    assert [each["id"] for each in order] == [second["id"], made["id"]]
    call("DELETE", f"/routes/{made['id']}", expect=204)
    Machine(world.ana)("POST", "/routes", body, expect=403)


def test_the_next_ticket(world: World) -> None:
    ticket = make_ticket(world)
    found = Machine(world.ana)("POST", "/tickets/next", key="n1")
    assert (found["ticket"]["number"], found["reasons"]) == (ticket.pk, ["has waited for 0 min"])
    assert Machine(world.ana)("POST", "/tickets/next", key="n1")["ticket"]["number"] == ticket.pk
    assert Machine(world.ana)("POST", "/tickets/next") == {"ticket": None, "reasons": [], "is_full": False}
    assert Ticket.objects.get(pk=ticket.pk).assignee == world.ana


def test_skills_capacity_and_what_an_agent_can(world: World) -> None:
    call, category = Machine(world.bo), Category.objects.all()[0]
    wanted = [{"kind": "category", "id": category.pk}]
    skill = call("POST", "/skills", {"name": "Billing", "needed_for": wanted, "level": 2}, expect=201)
    assert (skill["needed_for"], skill["level"]) == (wanted, 2)
    assert call("PATCH", f"/skills/{skill['id']}", {"archived": True})["archived"] is True
    call("PATCH", f"/skills/{skill['id']}", {"archived": False})
    body = {"skills": {str(skill["id"]): 3}, "languages": ["pt-BR"], "capacity": 2.5}
    can = call("PATCH", f"/agents/{world.ana.pk}/abilities", body)
    assert can["skills"] == {str(skill["id"]): 3}
    assert (can["languages"], can["capacity"], can["total"]) == (["pt"], 2.5, 2.5)
    assert call("PATCH", f"/agents/{world.ana.pk}/abilities", {"capacity": None})["total"] == 5
    weights = call("PATCH", "/capacity", {"weights": {"email": 0.5}, "total": 8})
    assert (weights["weights"], weights["total"], weights["other"]) == ({"email": 0.5}, 8, 0.2)
    make_ticket(world, assignee=world.ana)
    load = call("GET", f"/teams/{world.support.pk}/load")
    assert [(each["agent"], each["taken"], each["total"]) for each in load] == [(world.ana.pk, 0.5, 8)]


def test_presence_is_one_event_whichever_way_it_is_written(world: World) -> None:
    call = Machine(world.ana)
    until = "2099-01-01T10:00:00Z"
    told = call("PUT", "/me/availability", {"availability": "away", "until": until})
    assert (told["availability"], told["automatic"]) == ("away", False)
    assert call("PATCH", "/me", {"availability": "online"})["availability"] == "online"
    assert Agent.objects.get(pk=world.ana.pk).availability_until is None
    call("PUT", "/me/availability", {"availability": "online", "until": until}, expect=422)


def test_one_agent_works_by_next_only(world: World) -> None:
    ticket, bo, ana = make_ticket(world), Machine(world.bo), Machine(world.ana)
    assert [each["number"] for each in ana("GET", "/tickets")["items"]] == [ticket.pk]
    changed = bo("PATCH", f"/agents/{world.ana.pk}", {"works_by_next": True})
    assert changed["works_by_next"] is True
    world.ana.refresh_from_db()
    assert ana("GET", "/me")["works_by_next"] is True
    assert ana("GET", "/tickets")["items"] == []
    ana("GET", f"/tickets/{ticket.pk}", expect=404)
    ana("PATCH", f"/tickets/{ticket.pk}", {"subject": "Mine"}, expect=404)
    assert ana("POST", "/tickets/next")["ticket"]["number"] == ticket.pk
    assert ana("GET", f"/tickets/{ticket.pk}")["number"] == ticket.pk
    bo("PATCH", f"/agents/{world.bo.pk}", {"works_by_next": True}, expect=422)


def test_a_route_that_evens_out(world: World) -> None:
    made = Machine(world.bo)("POST", "/routes", {"name": "Support", "team": "Support"}, expect=201)
    assert made["evens_out"] is False
    changed = Machine(world.bo)("PATCH", f"/routes/{made['id']}", {"evens_out": True})
    assert changed["evens_out"] is True
    assert any("touched" in sentence for sentence in changed["sentences"])
