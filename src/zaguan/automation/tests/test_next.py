"""Next: the best ticket for whoever asks, why, and what trainees see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from zaguan.automation.next_ticket import take_next
from zaguan.automation.routing_giving import place
from zaguan.automation.routing_routes import save_route, set_needs
from zaguan.lib.errors import Refused
from zaguan.people.availability import set_availability
from zaguan.people.capacity import save_capacity
from zaguan.people.models import Agent, Role
from zaguan.people.skills import save_skill, set_abilities
from zaguan.people.staffing import change_agent
from zaguan.search.finding import find
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.because import in_words
from zaguan.tickets.history import feed
from zaguan.tickets.models import Category, Ticket


@pytest.fixture(autouse=True)
def _in_english(_own_language: None) -> Iterator[None]:
    with override("en"):
        yield


def number(agent: Agent) -> int | None:
    found = take_next(agent).ticket
    return found.pk if found else None


def test_it_is_theirs_and_the_history_says_why(world: World) -> None:
    ticket = make_ticket(world)
    found = take_next(world.ana)
    assert found.ticket is not None
    assert found.ticket.pk == ticket.pk
    assert Ticket.objects.get(pk=ticket.pk).assignee == world.ana
    assert in_words(found.reasons, to_whom_it_concerns=True) == "has waited for 0 min"
    sentence = feed(ticket, viewer=world.bo).entries[0].sentence
    assert sentence == "Ana asked for the next ticket and got this one: has waited for 0 min."


def test_pressing_then_known_customers_then_urgency_then_the_longest_wait(world: World) -> None:
    old = make_ticket(world, assignee=world.ana, requester=world.eve)
    waits, plain, urgent, known, due = (
        *(make_ticket(world) for _each in range(3)),
        make_ticket(world, requester=world.eve),
        make_ticket(world, requester=world.eve),
    )
    change = Ticket.objects.filter
    change(pk=waits.pk).update(waiting_since=timezone.now() - timedelta(hours=3))
    change(pk=urgent.pk).update(urgency_rank=3)
    change(pk=due.pk).update(due_at=timezone.now() + timedelta(minutes=12, seconds=30))
    assert old.assignee == world.ana
    found = take_next(world.ana)
    assert "due in 12 min" in in_words(found.reasons, to_whom_it_concerns=True)
    assert found.ticket is not None
    order = [found.ticket.pk, *(number(world.ana) for _each in range(4))]
    assert order == [due.pk, known.pk, urgent.pk, waits.pk, plain.pk]


def test_nobody_gets_what_another_team_or_another_language_should(world: World) -> None:
    make_ticket(world, team=world.sales)
    assert number(world.ana) is None
    Agent.objects.filter(pk=world.rita.pk).update(role=world.ana.role)
    rita = set_abilities(world.rita, languages=["pt"], by=world.bo)
    world.dan.language = "pt-br"
    world.dan.save()
    make_ticket(world)
    save_route(None, by=world.bo, name="Support", team=world.support, strategy="none")
    assert number(world.ana) is None
    found = take_next(rita)
    assert in_words(found.reasons, to_whom_it_concerns=True).startswith("you speak Portuguese")


def test_skills_count_where_a_route_says_so(world: World) -> None:
    skill, category = save_skill(None, name="Billing", by=world.bo), Category.objects.all()[0]
    set_needs(skill, [("category", category.pk)], level=1, by=world.bo)
    world.rita.role = world.ana.role
    world.rita.save()
    set_abilities(world.rita, skills={skill.pk: 1}, by=world.bo)
    save_route(None, by=world.bo, name="Support", team=world.support, strategy="none")
    ticket = make_ticket(world, category=category)
    assert number(world.ana) is None
    assert number(world.rita) == ticket.pk


def test_who_is_full_is_told_so(world: World) -> None:
    save_capacity(by=world.bo, weights={"email": 100}, total=100)
    make_ticket(world)
    make_ticket(world)
    assert number(world.ana) is not None
    found = take_next(world.ana)
    assert (found.ticket, found.is_full) == (None, True)


def test_what_they_let_go_of_does_not_come_back_at_once(world: World) -> None:
    save_route(None, by=world.bo, name="Support", team=world.support, strategy="none")
    ticket = make_ticket(world)
    assert number(world.ana) == ticket.pk
    assign(ticket.pk, None, by=world.ana)
    assert number(world.ana) is None


def test_a_trainee_knows_only_what_next_gave_them(world: World) -> None:
    role = Role.objects.create(
        name="Trainee", ticket_scope="own", permissions=["desk.use", "conversations.reply", "automation.next"]
    )
    Agent.objects.filter(pk=world.ana.pk).update(role=role)
    trainee = Agent.objects.get(pk=world.ana.pk)
    first, second = make_ticket(world, subject="zqfirst"), make_ticket(world, subject="zqsecond")
    assert not Ticket.objects.visible_to(trainee).exists()
    assert number(trainee) == first.pk
    assert list(Ticket.objects.visible_to(trainee)) == [first]
    assert find(trainee, "zqsecond").tickets == []
    assert second.assignee is None


@pytest.fixture
def trainee(world: World) -> Agent:
    """Ana, whose role sees her team's tickets, works by Next only."""
    return change_agent(world.ana, works_by_next=True, by=world.bo)


def test_one_agent_works_by_next_only_whatever_the_role_sees(world: World, trainee: Agent) -> None:
    first, second = make_ticket(world, subject="zqfirst"), make_ticket(world, subject="zqsecond")
    assert not Ticket.objects.visible_to(trainee).exists()
    assert not second.is_known_to(trainee)
    assert number(trainee) == first.pk
    assert list(Ticket.objects.visible_to(trainee)) == [first]
    assert [len(find(trainee, word).tickets) for word in ("zqfirst", "zqsecond")] == [1, 0]
    back = change_agent(trainee, works_by_next=False, by=world.bo)
    assert Ticket.objects.visible_to(back).filter(pk=second.pk).exists()


def test_routes_and_colleagues_still_give_them_tickets(world: World, trainee: Agent) -> None:
    by_hand, by_route = make_ticket(world), make_ticket(world)
    assign(by_hand.pk, trainee, by=world.bo)
    set_availability(trainee, "online", by=trainee)
    save_route(None, by=world.bo, name="Support", team=world.support, in_hours=False)
    place(by_route.pk)
    assert set(Ticket.objects.visible_to(trainee)) == {by_hand, by_route}


def test_whoever_sees_everything_or_may_not_take_the_next_one_cannot_work_by_it(world: World) -> None:
    with pytest.raises(Refused) as refused:
        change_agent(world.bo, works_by_next=True, by=world.bo)
    assert refused.value.field == "works_by_next"
    without = Role.objects.create(name="Reader", permissions=["desk.use"])
    with pytest.raises(Refused):
        change_agent(world.ana, works_by_next=True, role=without, by=world.bo)
    change_agent(world.ana, works_by_next=True, by=world.bo)
    with pytest.raises(Refused):
        change_agent(world.ana, role=without, by=world.bo)
