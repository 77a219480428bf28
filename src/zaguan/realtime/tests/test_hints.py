"""Who hears of what: the rule in memory equals the rule in the database, and hints carry no content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zaguan.events.following import Follower, News
from zaguan.events.models import EventRecord
from zaguan.people.models import Agent, Role
from zaguan.realtime.hints import hints_of
from zaguan.realtime.viewers import Viewer, load_viewers
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def viewer_of(agent: Agent) -> Viewer:
    return load_viewers([agent.pk])[agent.pk]


def news() -> list[News]:
    rows = EventRecord.objects.order_by("pk")
    return [News(row.pk, row.tx, row.kind, row.ticket_id, row.data) for row in rows]


def heard(agent: Agent, rows: list[News], present: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    viewer = viewer_of(agent)
    texts = [hint.text(viewer) for hint in hints_of(rows, present)]
    return [json.loads(text) for text in texts if text]


def after(mark: int) -> list[News]:
    return [row for row in news() if row.id > mark]


@pytest.mark.parametrize("scope", Role.Scope.values)
@pytest.mark.parametrize("is_admin", [False, True])
@pytest.mark.parametrize("by_next", [False, True])
def test_the_rule_in_memory_is_the_rule_of_the_database(
    world: World, scope: str, is_admin: bool, by_next: bool
) -> None:
    role = Role.objects.create(name="tried", ticket_scope=scope, is_admin=is_admin, permissions=["desk.use"])
    agent = world.ana
    agent.role, agent.works_by_next = role, by_next
    agent.save()
    for team in (world.support, world.sales, None):
        for assignee in (world.ana, world.cleo, None):
            ticket = make_ticket(world, team=team)
            Ticket.objects.filter(pk=ticket.pk).update(assignee=assignee)
    agent = Agent.objects.get(pk=agent.pk)
    visible = set(Ticket.objects.visible_to(agent).values_list("pk", flat=True))
    viewer = viewer_of(agent)
    hears = {t.pk for t in Ticket.objects.all() if viewer.hears(t.team_id, t.assignee_id)}
    assert hears == visible


def test_who_may_not_use_the_desk_is_no_viewer(world: World) -> None:
    Role.objects.filter(pk=world.rita.role_id).update(permissions=[])
    Agent.objects.filter(pk=world.bo.pk).update(is_active=False)
    assert set(load_viewers([world.rita.pk, world.bo.pk, world.cleo.pk])) == {world.cleo.pk}


def test_a_ticket_is_heard_of_by_its_team_only(world: World) -> None:
    ticket = make_ticket(world)
    rows = [row for row in news() if row.ticket_id == ticket.pk]
    assert heard(world.ana, rows) == [{"changed": f"ticket-{ticket.pk}", "id": rows[-1].id}]
    assert heard(world.cleo, rows) == []


def test_a_hint_never_carries_content(world: World) -> None:
    make_ticket(world, subject="Secreto")
    assert "Secreto" not in json.dumps(heard(world.bo, news()))


def test_whoever_loses_sight_of_a_ticket_hears_that_it_is_gone(world: World) -> None:
    ticket = make_ticket(world)
    mark = news()[-1].id
    set_team(ticket, world.sales, by=world.bo)
    (gone,) = heard(world.ana, after(mark))
    assert gone["gone"] == f"ticket-{ticket.pk}"
    (changed,) = heard(world.cleo, after(mark))
    assert changed["changed"] == f"ticket-{ticket.pk}"


def test_an_assignment_is_told_to_both_agents(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.bo)
    mark = news()[-1].id
    assign(Ticket.objects.get(pk=ticket.pk), None, by=world.bo)
    assert {"changed": "mine", "id": news()[-1].id} in heard(world.ana, after(mark))
    assert all(hint["changed"] != "mine" for hint in heard(world.rita, after(mark)))


def test_presence_is_heard_of_by_those_who_see_the_ticket(world: World) -> None:
    ticket = make_ticket(world)
    assert heard(world.ana, [], (ticket.pk,)) == [{"changed": f"presence-{ticket.pk}", "id": 0}]
    assert heard(world.cleo, [], (ticket.pk,)) == []


def test_people_are_heard_of_by_permission(world: World) -> None:
    Role.objects.filter(pk=world.rita.role_id).update(permissions=["desk.use"])
    rows = [row for row in news() if row.kind == "people.ContactCreated"]
    assert heard(world.rita, rows) == []
    assert {hint["changed"] for hint in heard(world.ana, rows)} == {
        f"contact-{world.dan.pk}",
        f"contact-{world.eve.pk}",
    }


def test_schedules_are_heard_of_by_those_who_may_schedule(world: World) -> None:
    row = News(1, 1, "tickets.ScheduleChanged", None, {"schedule_id": 7, "what": "paused"})
    assert heard(world.ana, [row]) == [{"changed": "schedules", "id": 1}]
    assert heard(world.rita, [row]) == []


def test_a_batch_asks_the_database_once(world: World, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_ticket(world)
    rows = news()
    with django_assert_num_queries(1):
        hints_of(rows, (1, 2, 3))


def test_a_deleted_ticket_is_passed_over(world: World) -> None:
    assert heard(world.bo, [News(1, 0, "tickets.TicketOpened", 999, {})]) == []


def test_a_follower_feeds_hints(world: World) -> None:
    follower = Follower(0)
    ticket = make_ticket(world)
    assert f"ticket-{ticket.pk}" in {hint.key for hint in hints_of(follower.news())}
