"""Distribution under load: many workers at once, agents coming and going; checked at the end and all the time."""

from __future__ import annotations

import os
import queue
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from zaguan.automation import routing_evening
from zaguan.automation.models import Route
from zaguan.automation.next_ticket import Next, take_next
from zaguan.automation.routing import fill
from zaguan.automation.routing_giving import place
from zaguan.automation.routing_people import taken_by
from zaguan.automation.routing_routes import save_route
from zaguan.events.models import EventRecord
from zaguan.people.availability import set_availability
from zaguan.people.capacity import save_capacity
from zaguan.people.models import Agent
from zaguan.sla.keeping import add_rows
from zaguan.sla.ledger import Span, whole
from zaguan.sla.sides import Side
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, AGENTS = 8, 20
# A day; SIMULATED_TICKETS makes it longer or shorter.
MANY = int(os.environ.get("SIMULATED_TICKETS", "1000"))
# All together hold four fifths of them, so that some wait until others are done.
PLACES = MANY // (AGENTS * 5 // 4)


@pytest.fixture
def world() -> World:
    made = make_world()
    save_capacity(by=made.bo, weights={"email": 100}, total=PLACES * 100, away_after_minutes=0)
    values = {"team": made.support, "in_hours": False, "is_sticky": False, "by_language": False}
    save_route(None, by=made.bo, name="All", strategy=Route.Strategy.LEAST_LOAD, **values)
    return made


@pytest.fixture
def agents(world: World) -> list[Agent]:
    now = timezone.now()
    rows = [
        Agent(email=f"a{n}@zaguan.example", name=f"A{n:02}", role=world.ana.role, seen_at=now, password="!")
        for n in range(AGENTS)
    ]
    Agent.objects.bulk_create(rows)
    links = [Agent.teams.through(agent=agent, team=world.support) for agent in rows]
    Agent.teams.through.objects.bulk_create(links)
    return rows


def tickets(world: World, count: int) -> list[int]:
    status, now = default_status(Phase.NEW), timezone.now()
    plain = {"status": status, "phase": "new", "rank": 0, "team": world.support, "requester": world.dan}
    stamps = {"created_at": now, "updated_at": now, "active_at": now, "waiting_since": now}
    rows = [Ticket(subject=f"{n}", channel="email", **plain, **stamps) for n in range(count)]
    numbers = [ticket.pk for ticket in Ticket.objects.bulk_create(rows)]
    # What opening them one by one would have written into the ledger of turns.
    first = Span(Side.AGENT, status.pk, None, world.support.pk, whole(now), None)
    add_rows({number: [first] for number in numbers})
    return numbers


def in_parallel(work: list[Callable[[], object]], threads: int = WORKERS) -> list[object]:
    """Do all of it, each thread over its own connection; what fails in one fails the test."""
    waiting: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    for each in work:
        waiting.put(each)
    results: list[object] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            while True:
                results.append(waiting.get_nowait()())
        except queue.Empty:
            pass
        except BaseException as problem:  # noqa: BLE001 (told in the test's own thread)
            problems.append(problem)
        finally:
            connection.close()

    running = [threading.Thread(target=run) for _each in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(120)
    if problems:
        raise problems[0]
    return results


def finish_some(agent: Agent) -> None:
    """An agent ends some of theirs, and has room."""
    mine = Ticket.objects.filter(assignee=agent, rank=0).values_list("pk", flat=True)[: PLACES // 8]
    if len(mine):
        Ticket.objects.filter(pk__in=list(mine)).update(rank=3, phase="resolved")
        fill(agent.pk)


def come_or_go(agent: Agent, availability: str) -> None:
    set_availability(agent, availability, by=agent)
    if availability == "online":
        fill(agent.pk)


def overfull() -> dict[int, int]:
    return {
        pk: taken
        for pk, taken in taken_by(list(Agent.objects.values_list("pk", flat=True))).items()
        if taken > PLACES * 100
    }


def refuse_overfull() -> None:
    assert not overfull()


def waiting() -> int:
    return Ticket.objects.filter(assignee=None, rank=0).count()


def test_a_day_of_many_tickets_with_agents_coming_and_going(world: World, agents: list[Agent]) -> None:
    chance = random.Random(7)
    day: list[Callable[[], object]] = [partial(place, number) for number in tickets(world, MANY)]
    day += [partial(finish_some, agent) for agent in agents]
    day += [partial(come_or_go, agent, chance.choice(["online", "away"])) for agent in agents]
    day += [refuse_overfull] * 20
    chance.shuffle(day)
    in_parallel(day)
    assert not overfull()
    in_parallel([partial(come_or_go, agent, "online") for agent in agents])
    taken = taken_by([agent.pk for agent in agents])
    assert not overfull()
    assert waiting() > 0, "so few tickets prove nothing"
    assert all(taken[agent.pk] == PLACES * 100 for agent in agents), "somebody has room"
    while waiting():
        in_parallel([partial(finish_some, agent) for agent in agents])
        assert not overfull()
    given = EventRecord.objects.filter(kind="tickets.TicketAssigned").values_list("ticket_id", flat=True)
    assert len(given) == len(set(given)) == MANY, "never two owners, and nothing stranded"


def test_equals_get_the_same(world: World, agents: list[Agent]) -> None:
    save_capacity(by=world.bo, weights={"email": 10})
    in_parallel([partial(place, number) for number in tickets(world, 210)])
    loads = Counter(Ticket.objects.exclude(assignee=None).values_list("assignee_id", flat=True))
    assert sum(loads.values()) == 210
    assert max(loads.values()) - min(loads.values()) <= 1
    assert len(loads) == AGENTS


def test_twenty_ask_for_the_next_ticket_at_once(world: World, agents: list[Agent]) -> None:
    tickets(world, 25)
    got = in_parallel([partial(take_next, agent) for agent in agents], AGENTS)
    numbers = {each.ticket.pk for each in got if isinstance(each, Next) and each.ticket}
    assert len(numbers) == AGENTS
    assert EventRecord.objects.filter(kind="tickets.TicketAssigned").count() == AGENTS
    assert waiting() == 5


def test_twenty_workers_at_one_ticket(world: World, agents: list[Agent]) -> None:
    number = tickets(world, 1)[0]
    in_parallel([lambda: place(number)] * AGENTS, AGENTS)
    assert EventRecord.objects.filter(kind="tickets.TicketAssigned", ticket_id=number).count() == 1


def test_many_even_out_at_once(world: World, agents: list[Agent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_evening, "MOST_AN_HOUR", 1000)
    monkeypatch.setattr(routing_evening, "SETTLED", timedelta(0))
    save_capacity(by=world.bo, weights={"email": 10})
    save_route(Route.objects.get(), evens_out=True, by=world.bo)
    first, *others = agents
    come = Agent.objects.filter(pk__in=[agent.pk for agent in others])
    come.update(availability="away")
    numbers = tickets(world, AGENTS + 5)
    for number in numbers:
        place(number)
    assert Ticket.objects.filter(assignee=first).count() == len(numbers)
    come.update(availability="online")
    in_parallel([partial(fill, agent.pk) for agent in [*others, *others]])
    loads = Counter(Ticket.objects.exclude(assignee=None).values_list("assignee_id", flat=True))
    assert sum(loads.values()) == len(numbers)
    assert (len(loads), max(loads.values()) - min(loads.values())) == (AGENTS, 1)
    given = EventRecord.objects.filter(kind="tickets.TicketAssigned").values_list("ticket_id", flat=True)
    assert max(Counter(given).values()) == 2, "each goes once"
