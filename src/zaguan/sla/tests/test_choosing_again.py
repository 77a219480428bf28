"""What is known of a customer changes: their open tickets get the policy that finds them now."""

from __future__ import annotations

import pytest

from zaguan.events.models import Job
from zaguan.people.editing import change_organisation, create_organisation
from zaguan.people.merging import merge_contacts, separate
from zaguan.people.models import Contact
from zaguan.people.profiles import save_field, set_profile
from zaguan.sla import choosing_again
from zaguan.sla.models import Clock
from zaguan.sla.policies import set_active
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold(world: World) -> None:
    """Customers have a plan, and those with the golden one are answered within an hour."""
    save_field("contact", None, by=world.bo, name="Plan", format="text", key="plan")
    save_field("organisation", None, by=world.bo, name="Plan", format="text", key="plan")
    make_policy(target("first", 1), query="contact.plan:gold", name="Gold")
    make_policy(target("first", 4), query="organisation.plan:gold", name="Company")
    make_policy(target("first", 8), name="Everybody")


def policy_of(ticket: Ticket) -> str:
    return clocks(ticket)["first"].policy.name


def jobs() -> list[Job]:
    return list(Job.objects.filter(task=choosing_again.WORK).order_by("pk"))


def work() -> int:
    """Do what is lined up, and what that lines up; says how many jobs it took."""
    done = 0
    while found := jobs():
        for job in found:
            job.delete()
            choosing_again.choose_again(**job.arguments)
            done += 1
    return done


def test_a_customer_gets_another_plan(world: World, gold: None) -> None:
    ticket, other = make_ticket(world), make_ticket(world, requester=world.eve)
    assert policy_of(ticket) == "Everybody"
    set_profile(world.dan, {"plan": "gold"}, by=world.ana)
    assert work() == 1
    assert (policy_of(ticket), policy_of(other)) == ("Gold", "Everybody")
    ticket.refresh_from_db()
    assert ticket.due_at == clocks(ticket)["first"].due_at
    set_profile(world.dan, {"plan": "free"}, by=world.ana)
    work()
    assert policy_of(ticket) == "Everybody"


def test_an_organisation_gets_another_plan(world: World, gold: None) -> None:
    house = create_organisation("Patio", by=world.bo)
    ticket = make_ticket(world)
    Ticket.objects.filter(pk=ticket.pk).update(organisation=house)
    work()
    set_profile(house, {"plan": "gold"}, by=world.bo)
    work()
    assert policy_of(ticket) == "Company"


def test_two_customers_turn_out_to_be_one_and_are_separated_again(world: World, gold: None) -> None:
    twin = Contact.objects.create(name="Daniel")
    set_profile(world.dan, {"plan": "gold"}, by=world.ana)
    ticket = make_ticket(world, requester=twin)
    work()
    assert policy_of(ticket) == "Everybody"
    merge = merge_contacts(world.dan, twin, by=world.ana)
    work()
    assert policy_of(ticket) == "Gold"
    separate(merge, by=world.ana)
    work()
    assert policy_of(ticket) == "Everybody"


def test_what_ended_stays_as_it_was_judged(world: World, gold: None) -> None:
    ticket = make_ticket(world)
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    before = list(Clock.objects.values())
    set_profile(world.dan, {"plan": "gold"}, by=world.ana)
    work()
    assert list(Clock.objects.values()) == before


def test_where_no_policy_looks_at_customers_nothing_is_lined_up(world: World) -> None:
    make_policy(query="channel:email")
    save_field("contact", None, by=world.bo, name="Plan", format="text", key="plan")
    set_active(make_policy(query="contact.plan:gold", name="Off"), False, by=world.bo)
    set_profile(world.dan, {"plan": "gold"}, by=world.ana)
    house = create_organisation("Patio", by=world.bo)
    change_organisation(house, by=world.bo, name="Patio Sur")
    assert not jobs()


def test_many_tickets_are_many_short_jobs(world: World, gold: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing_again, "BATCH", 2)
    tickets = [make_ticket(world) for _number in range(5)]
    set_profile(world.dan, {"plan": "gold"}, by=world.ana)
    assert work() == 3
    assert {policy_of(ticket) for ticket in tickets} == {"Gold"}
