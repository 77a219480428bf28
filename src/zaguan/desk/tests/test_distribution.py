"""Next, presence and the settings of distribution, as pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zaguan.automation.models import Route, SkillNeed
from zaguan.automation.routing_routes import save_route
from zaguan.people.availability import set_availability
from zaguan.people.capacity import capacity
from zaguan.people.models import Agent, Role, Skill
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Category, Ticket

BROWSER = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def fresh(agent: Agent) -> Agent:
    return Agent.objects.get(pk=agent.pk)


def test_next_opens_the_ticket_and_says_why(world: World, ana: Client) -> None:
    ticket = make_ticket(world)
    answer = ana.post(reverse("desk:next"))
    assert answer.url == reverse("desk:ticket", args=[ticket.pk])  # type: ignore[attr-defined]
    assert Ticket.objects.get(pk=ticket.pk).assignee == world.ana
    assert "0 min" in ana.get(answer.url).content.decode()  # type: ignore[attr-defined]


def test_nothing_there_is_said_kindly(world: World, ana: Client) -> None:
    answer = ana.post(reverse("desk:next"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("desk:next"))
    assert "Nobody is waiting for you" in answer.text
    assert "Nobody is waiting for you" not in ana.get(reverse("desk:next")).text
    assert b"empty" in answer.content


def test_what_was_sent_can_still_be_taken_back_on_the_next_ticket(world: World, ana: Client) -> None:
    make_ticket(world)
    page = ana.post(reverse("desk:next"), {"undo": "/desk/messages/7/withdraw/"}, follow=True)
    assert b"/desk/messages/7/withdraw/" in page.content
    page = ana.post(reverse("desk:next"), {"undo": "https://evil.example/"}, follow=True)
    assert b"evil.example" not in page.content


def test_a_trainee_has_no_list_of_what_waits(world: World, ana: Client) -> None:
    role = Role.objects.create(name="T", ticket_scope="own", permissions=["desk.use", "automation.next"])
    Agent.objects.filter(pk=world.ana.pk).update(role=role)
    hidden = make_ticket(world, subject="zqhidden")
    page = ana.get(reverse("desk:view", args=["mine"])).content.decode()
    assert reverse("desk:view", args=["unassigned"]) not in page
    for view in ("unassigned", "open", "all"):
        assert "zqhidden" not in ana.get(reverse("desk:view", args=[view])).content.decode()
    assert ana.get(reverse("desk:ticket", args=[hidden.pk])).status_code == 404
    ana.post(reverse("desk:next"))
    assert "zqhidden" in ana.get(reverse("desk:view", args=["mine"])).content.decode()


def test_one_agent_is_made_to_work_by_next_only(world: World, ana: Client, bo: Client) -> None:
    hidden = make_ticket(world, subject="zqhidden")
    values = {"name": "Ana", "email": world.ana.email, "role": world.ana.role_id, "teams": [world.support.pk]}
    values |= {"language": "es", "is_active": "on", "works_by_next": "on"}
    bo.post(reverse("desk:edit-agent", args=[world.ana.pk]), values)
    assert fresh(world.ana).works_by_next
    for address in ("unassigned", "open", "all", f"team:{world.support.pk}"):
        page = ana.get(reverse("desk:view", args=[address])).content.decode()
        assert "zqhidden" not in page
    assert reverse("desk:view", args=["unassigned"]) not in page
    found = ana.get(reverse("desk:search"), {"q": "zqhidden"}).content.decode()
    assert reverse("desk:ticket", args=[hidden.pk]) not in found
    assert ana.get(reverse("desk:ticket", args=[hidden.pk])).status_code == 404
    assert ana.post(reverse("desk:next")).url == reverse("desk:ticket", args=[hidden.pk])  # type: ignore[attr-defined]
    assert "zqhidden" in ana.get(reverse("desk:view", args=["mine"])).content.decode()


def test_an_administrator_cannot_work_by_next_only(world: World, bo: Client) -> None:
    values = {"name": "Bo", "email": world.bo.email, "role": world.bo.role_id, "language": "es"}
    page = bo.post(
        reverse("desk:edit-agent", args=[world.bo.pk]), values | {"is_active": "on", "works_by_next": "on"}
    )
    assert b"aria-invalid" in page.content
    assert not fresh(world.bo).works_by_next


def test_the_menu_at_the_avatar(world: World, ana: Client) -> None:
    ana.post(reverse("desk:availability"), {"availability": "away", "for": "30"})
    agent = fresh(world.ana)
    assert (agent.availability, agent.availability_until is not None) == ("away", True)
    ana.post(reverse("desk:availability"), {"availability": "online"})
    assert fresh(world.ana).availability_until is None
    page = ana.post(reverse("desk:availability"), {"availability": "away", "until": "2001-01-01T10:00"})
    assert page.status_code == 200
    assert b"aria-invalid" in page.content
    told = ana.get(reverse("desk:availability"), headers={"Accept": "application/json"}).json()
    assert told == {"availability": "online"}


def test_signs_of_life_are_visits_and_touches_not_fetched_parts(world: World, ana: Client) -> None:
    ana.get(reverse("desk:view", args=["mine"]))
    assert fresh(world.ana).seen_at is None
    ana.get(reverse("desk:view", args=["mine"]), headers=BROWSER)
    assert fresh(world.ana).seen_at is not None
    Agent.objects.filter(pk=world.ana.pk).update(seen_at=None)
    assert ana.post(reverse("desk:alive")).status_code == 204
    assert fresh(world.ana).seen_at is not None


def test_a_route_is_made_shown_in_words_moved_and_deleted(world: World, bo: Client) -> None:
    other = save_route(None, by=world.bo, name="Other", team=world.sales)
    values: dict[str, Any] = {
        "name": "First",
        "team": world.support.pk,
        "strategy": "load",
        "is_active": "on",
    }
    values |= {
        "timeout_minutes": "5",
        "overflow_minutes": "10",
        "overflow_team": world.sales.pk,
        "by_skill": "on",
    }
    bo.post(reverse("desk:new-route"), values)
    made = Route.objects.get(name="First")
    assert (made.timeout_minutes, made.overflow_team, made.by_language) == (5, world.sales, False)
    page = bo.get(reverse("desk:settings-distribution")).content.decode()
    assert "for 5 minutes" in page
    bo.post(reverse("desk:settings-distribution"), {"up": made.pk})
    assert list(Route.objects.values_list("pk", flat=True)) == [made.pk, other.pk]
    bo.post(reverse("desk:edit-route", args=[made.pk]), {"do": "delete"})
    assert not Route.objects.filter(pk=made.pk).exists()


def test_a_refused_route_keeps_what_was_typed(world: World, bo: Client) -> None:
    values = {
        "name": "Odd",
        "query": "nosuch:x",
        "strategy": "load",
        "timeout_minutes": "0",
        "overflow_minutes": "0",
    }
    page = bo.post(reverse("desk:new-route"), values)
    assert page.status_code == 200
    assert "nosuch:x" in page.content.decode()
    assert not Route.objects.exists()


def test_who_would_get_the_next_one_and_why_not_the_others(world: World, bo: Client) -> None:
    set_availability(world.ana, "online", by=world.ana)
    route = save_route(None, by=world.bo, name="Support", team=world.support, in_hours=False)
    page = bo.get(reverse("desk:edit-route", args=[route.pk]), {"language": "pt"}).content.decode()
    assert "Ana would get it." in page
    set_availability(world.ana, "busy", by=world.ana)
    page = bo.get(reverse("desk:edit-route", args=[route.pk])).content.decode()
    assert "Ana would get it." not in page
    assert "is busy" in page


def test_skills_and_capacity(world: World, bo: Client) -> None:
    category = Category.objects.all()[0]
    values = {"name": "Billing", "level": "2", "needed_for": [f"category-{category.pk}"]}
    bo.post(reverse("desk:new-skill"), values)
    skill = Skill.objects.get()
    assert list(SkillNeed.objects.values_list("skill_id", "category_id", "level")) == [
        (skill.pk, category.pk, 2)
    ]
    assert b"Billing" in bo.get(reverse("desk:settings-skills")).content
    can = {f"skill_{skill.pk}": "3", "languages": ["es", "pt"], "places": "2.5"}
    bo.post(reverse("desk:edit-abilities", args=[world.ana.pk]), can)
    assert (fresh(world.ana).capacity, fresh(world.ana).languages) == (250, ["es", "pt"])
    assert "0 of 2.5 places" in bo.get(reverse("desk:settings-capacity")).content.decode()
    weights = {f"weight_{channel}": "0.5" for channel in capacity().weights}
    bo.post(
        reverse("desk:settings-capacity"), weights | {"total": "8", "other": "1", "away_after_minutes": "0"}
    )
    assert (capacity().total, capacity().weights["chat"], capacity().other) == (800, 50, 100)


def test_the_page_of_a_team_shows_its_load(world: World, bo: Client) -> None:
    for _each in range(5):
        make_ticket(world, assignee=world.ana)
    assert "1 of 5 places" in bo.get(reverse("desk:edit-team", args=[world.support.pk])).content.decode()
