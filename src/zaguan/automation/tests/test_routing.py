"""Distribution: who gets what by itself, why, and what happens when nobody can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from zaguan.automation.models import Route
from zaguan.automation.routing_routes import reorder_routes, save_route, set_needs
from zaguan.events.models import EventRecord
from zaguan.events.working import work_off
from zaguan.lib.errors import Refused
from zaguan.people.availability import set_availability
from zaguan.people.capacity import save_capacity
from zaguan.people.models import Agent
from zaguan.people.skills import save_skill, set_abilities
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.because import in_words
from zaguan.tickets.history import feed
from zaguan.tickets.models import Category, Phase, Tag, Ticket
from zaguan.tickets.statuses import default_status, set_status


@pytest.fixture(autouse=True)
def _in_english(_own_language: None) -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def mia(world: World) -> Agent:
    """A second agent of Support, there; Ana is too."""
    mia = Agent.objects.create_agent(
        "mia@zaguan.example", None, name="Mia", role=world.ana.role, language="en"
    )
    mia.teams.add(world.support)
    for agent in (world.ana, mia):
        set_availability(agent, "online", by=agent)
    return mia


def route(world: World, **values: Any) -> Route:
    chosen = {"name": "Support", "team": world.support, "in_hours": False} | values
    made = save_route(None, by=world.bo, **chosen)
    settle()
    return made


def settle() -> None:
    while work_off("test"):
        pass


def owner(ticket: Ticket) -> str:
    settle()
    agent = Ticket.objects.get(pk=ticket.pk).assignee
    return agent.name if agent else ""


def why(ticket: Ticket) -> str:
    row = EventRecord.objects.filter(ticket_id=ticket.pk, kind="tickets.TicketAssigned").latest("pk")
    return in_words(row.data["because"]["reasons"])


def put(ticket: Ticket, phase: Phase, by: Agent) -> None:
    set_status(ticket.pk, default_status(phase), by=by)


def test_without_a_route_nothing_is_given(world: World, mia: Agent) -> None:
    assert owner(make_ticket(world)) == ""


def test_in_turn(world: World, mia: Agent) -> None:
    route(world, strategy="turn", is_sticky=False)
    assert [owner(make_ticket(world)) for _each in range(4)] == ["Ana", "Mia", "Ana", "Mia"]


def test_least_load_with_its_reasons(world: World, mia: Agent) -> None:
    busy = [make_ticket(world, assignee=world.ana) for _each in range(2)]
    made = route(world, is_sticky=False)
    ticket = make_ticket(world)
    assert owner(ticket) == "Mia"
    assert why(ticket) == "0 of 5 places taken, has least to do"
    row = EventRecord.objects.filter(ticket_id=ticket.pk, kind="tickets.TicketAssigned").get()
    assert (row.actor_kind, row.actor_id) == ("route", made.pk)
    told = feed(ticket, viewer=world.bo).entries[0].sentence
    assert told == "“Support” gave the ticket to Mia: 0 of 5 places taken, has least to do."
    assert busy


def test_who_is_away_busy_or_never_came_gets_nothing(world: World, mia: Agent) -> None:
    route(world)
    set_availability(world.ana, "away", by=world.ana)
    set_availability(mia, "busy", by=mia)
    ticket = make_ticket(world)
    assert owner(ticket) == ""
    set_availability(mia, "online", by=mia)
    assert owner(ticket) == "Mia"


def test_who_may_only_read_gets_nothing(world: World) -> None:
    route(world)
    set_availability(world.rita, "online", by=world.rita)
    assert owner(make_ticket(world)) == ""


def test_nobody_gets_more_than_they_carry_and_room_is_filled(world: World, mia: Agent) -> None:
    save_capacity(by=world.bo, weights={"email": 100}, total=200)
    set_availability(mia, "away", by=mia)
    route(world)
    tickets = [make_ticket(world) for _each in range(3)]
    assert [owner(ticket) for ticket in tickets] == ["Ana", "Ana", ""]
    put(tickets[0], Phase.WAITING_CUSTOMER, world.ana)
    assert owner(tickets[2]) == "Ana"
    more = make_ticket(world)
    assert owner(more) == ""
    set_abilities(world.ana, capacity=300, by=world.bo)
    assert owner(more) == "Ana"


def test_the_language_decides_unless_nobody_speaks_it(world: World, mia: Agent) -> None:
    set_abilities(mia, languages=["pt", "en"], by=world.bo)
    route(world, is_sticky=False)
    world.dan.language = "pt-br"
    world.dan.save()
    world.eve.language = "de"
    world.eve.save()
    tickets = [make_ticket(world) for _each in range(3)]
    assert [owner(ticket) for ticket in tickets] == ["Mia"] * 3
    assert why(tickets[0]).startswith("speaks Portuguese, 0 of 5 places taken")
    german = make_ticket(world, requester=world.eve)
    assert owner(german) == "Ana"
    assert "nobody here speaks German" in why(german)


def test_skills_by_category_and_tag(world: World, mia: Agent) -> None:
    skill = save_skill(None, name="Billing", by=world.bo)
    category, tag = Category.objects.all()[0], Tag.objects.create(name="invoice")
    set_needs(skill, [("category", category.pk), ("tag", tag.pk)], level=2, by=world.bo)
    set_abilities(mia, skills={skill.pk: 3}, by=world.bo)
    set_abilities(world.ana, skills={skill.pk: 1}, by=world.bo)
    route(world, is_sticky=False)
    given = [make_ticket(world, category=category), make_ticket(world, tags=[tag]), make_ticket(world)]
    assert [owner(ticket) for ticket in given] == ["Mia", "Mia", "Ana"]
    assert "knows Billing" in why(given[0])


def test_sticky_first(world: World, mia: Agent) -> None:
    before = make_ticket(world, assignee=mia)
    put(before, Phase.RESOLVED, mia)
    for _each in range(3):
        make_ticket(world, requester=world.eve, assignee=mia)
    route(world)
    ticket = make_ticket(world)
    assert owner(ticket) == "Mia"
    assert why(ticket).startswith("served this customer last")


def test_what_was_let_go_of_is_not_given_back_at_once(world: World, mia: Agent) -> None:
    set_availability(mia, "away", by=mia)
    route(world)
    ticket = make_ticket(world)
    assert owner(ticket) == "Ana"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assign(ticket.pk, None, by=world.ana)
        assert owner(ticket) == ""
        clock.shift(timedelta(minutes=31))
        set_availability(world.ana, "online", by=world.ana)
        assert owner(ticket) == "Ana"


def test_back_to_the_queue_on_time_out_and_to_somebody_else(world: World, mia: Agent) -> None:
    route(world, timeout_minutes=10, is_sticky=False)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        idle, worked = make_ticket(world), make_ticket(world)
        assert (owner(idle), owner(worked)) == ("Ana", "Mia")
        put(worked, Phase.OPEN, mia)
        clock.shift(timedelta(minutes=11))
        assert (owner(idle), owner(worked)) == ("Mia", "Mia")
    sentences = [entry.sentence for entry in feed(idle, viewer=world.bo).entries]
    assert any("nothing was done for 10 minutes" in sentence for sentence in sentences)


def test_a_time_out_means_only_what_the_route_gave(world: World, mia: Agent) -> None:
    route(world, timeout_minutes=10, is_sticky=False)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = make_ticket(world)
        assert owner(ticket) == "Ana"
        assign(ticket.pk, mia, by=world.bo)
        assign(ticket.pk, world.ana, by=world.bo)
        clock.shift(timedelta(minutes=11))
        assert owner(ticket) == "Ana"


def test_another_team_gets_what_nobody_took(world: World) -> None:
    route(world, overflow_team=world.sales, overflow_minutes=20)
    route(world, name="Sales", team=world.sales)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = make_ticket(world)
        assert owner(ticket) == ""
        clock.shift(timedelta(minutes=21))
        set_availability(world.cleo, "online", by=world.cleo)
        assert owner(ticket) == "Cleo"
    assert Ticket.objects.get(pk=ticket.pk).team == world.sales


def test_tickets_do_not_go_in_a_circle(world: World) -> None:
    route(world, overflow_team=world.sales, overflow_minutes=20)
    with pytest.raises(Refused):
        route(world, name="Sales", team=world.sales, overflow_team=world.support, overflow_minutes=5)


def test_another_team_is_another_route(world: World, mia: Agent) -> None:
    set_availability(world.cleo, "online", by=world.cleo)
    route(world, name="Sales", team=world.sales)
    ticket = make_ticket(world)
    assert owner(ticket) == ""
    set_team(ticket.pk, world.sales, by=world.bo)
    assert owner(ticket) == "Cleo"


def test_back_in_process_while_its_agent_has_left(world: World, mia: Agent) -> None:
    route(world)
    ticket = make_ticket(world, assignee=world.ana)
    put(ticket, Phase.WAITING_CUSTOMER, world.ana)
    Agent.objects.filter(pk=world.ana.pk).update(is_active=False)
    put(ticket, Phase.OPEN, world.bo)
    assert owner(ticket) == "Mia"


def test_who_is_only_away_keeps_it_unless_the_route_says_otherwise(world: World, mia: Agent) -> None:
    made = route(world)
    ticket = make_ticket(world, assignee=world.ana)
    set_availability(world.ana, "away", by=world.ana)
    put(ticket, Phase.WAITING_CUSTOMER, world.bo)
    put(ticket, Phase.OPEN, world.bo)
    assert owner(ticket) == "Ana"
    save_route(made, leaves_absent=True, by=world.bo)
    put(ticket, Phase.WAITING_CUSTOMER, world.bo)
    put(ticket, Phase.OPEN, world.bo)
    assert owner(ticket) == "Mia"


def test_by_a_filter_and_the_first_route_counts(world: World, mia: Agent) -> None:
    set_availability(mia, "away", by=mia)
    hand = route(world, name="By hand", team=None, query="channel:phone", strategy="none")
    every = route(world)
    call, mail = make_ticket(world, channel="phone"), make_ticket(world)
    assert (owner(call), owner(mail)) == ("", "Ana")
    reorder_routes([every.pk, hand.pk], by=world.bo)
    assert owner(call) == "Ana"


def test_the_urgent_and_then_the_oldest_come_first(world: World, mia: Agent) -> None:
    save_capacity(by=world.bo, weights={"email": 100}, total=100)
    for agent in (world.ana, mia):
        set_availability(agent, "away", by=agent)
    route(world)
    plain, urgent, due = make_ticket(world), make_ticket(world), make_ticket(world)
    Ticket.objects.filter(pk=urgent.pk).update(urgency_rank=3)
    Ticket.objects.filter(pk=due.pk).update(due_at=timezone.now() + timedelta(hours=1))
    settle()
    for each in (due, urgent, plain):
        set_availability(mia, "online", by=mia)
        assert owner(each) == "Mia"
        assign(each.pk, world.ana, by=world.bo)
        set_availability(mia, "away", by=mia)
        settle()


def test_nonsense_is_refused(world: World) -> None:
    for values in (
        {"name": " "},
        {"team": None},
        {"query": "nosuchfield:x"},
        {"overflow_team": world.sales},
        {"timeout_minutes": -1},
        {"strategy": "dice"},
    ):
        with pytest.raises(Refused):
            route(world, **values)
