"""The inbox list: what it shows to whom, in which order, page by page, and in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.models import Draft, Mention, Seen
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Role, Team
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets import reference
from zaguan.tickets.counting import counts
from zaguan.tickets.listing import page
from zaguan.tickets.models import Phase, Tag, Ticket, View
from zaguan.tickets.rows import rows_of
from zaguan.tickets.selections import UnknownView
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db
Numbers = Callable[..., list[int]]


@pytest.fixture
def world() -> World:
    reference.forget_all()
    return make_world()


@pytest.fixture
def numbers() -> Numbers:
    def read(viewer: Agent, view: str = "all", **options: Any) -> list[int]:
        return [row.number for row in page(viewer, view=view, **options).rows]

    return read


def put(ticket: Ticket, **values: Any) -> Ticket:
    Ticket.objects.filter(pk=ticket.pk).update(**values)
    return ticket


def in_phase(world: World, phase: Phase, **fields: Any) -> Ticket:
    return make_ticket(world, status=default_status(phase), **fields)


def ago(**span: int) -> Any:
    return timezone.now() - timedelta(**span)


def test_what_is_open_comes_first_and_the_latest_activity_before_the_rest(
    world: World, numbers: Numbers
) -> None:
    closed = put(in_phase(world, Phase.CLOSED), active_at=ago(minutes=1))
    older = put(in_phase(world, Phase.OPEN), active_at=ago(days=3))
    newer = put(in_phase(world, Phase.NEW), active_at=ago(days=2))
    waiting = put(in_phase(world, Phase.WAITING_CUSTOMER), active_at=ago(minutes=2))
    expected = [newer.pk, older.pk, waiting.pk, closed.pk]
    assert numbers(world.bo) == expected
    assert numbers(world.ana) == expected


def test_views(world: World, numbers: Numbers) -> None:
    mine = make_ticket(world, assignee=world.ana, is_important=True)
    free = make_ticket(world)
    done = in_phase(world, Phase.RESOLVED, assignee=world.ana)
    snoozed = put(in_phase(world, Phase.SNOOZED, assignee=world.cleo), snoozed_until=timezone.now())
    tag = Tag.objects.create(name="roto")
    free.tags.add(tag)
    assert numbers(world.ana, "mine") == [mine.pk]
    assert numbers(world.ana, "unassigned") == [free.pk]
    assert numbers(world.ana, "important") == [mine.pk]
    assert numbers(world.ana, "snoozed") == [snoozed.pk]
    assert numbers(world.ana, "done") == [done.pk]
    assert numbers(world.ana, f"tag:{tag.pk}") == [free.pk]
    assert set(numbers(world.ana, f"inbox:{world.inbox.pk}")) == {mine.pk, free.pk, snoozed.pk}
    assert set(numbers(world.ana, f"team:{world.support.pk}")) == {mine.pk, free.pk, snoozed.pk}
    assert set(numbers(world.ana, f"contact:{world.dan.pk}")) == {mine.pk, free.pk, snoozed.pk, done.pk}
    assert numbers(world.ana, "mine", query="is:resolved") == [done.pk]


def test_a_view_that_is_not_there(world: World) -> None:
    own = View.objects.create(name="Bo's", owner=world.bo)
    for view in ("nothing", "team:x", f"saved:{own.pk}", "saved:999999"):
        with pytest.raises(UnknownView):
            page(world.ana, view=view)


def test_saved_view_brings_its_filter_and_order(world: World, numbers: Numbers) -> None:
    first, second = make_ticket(world), make_ticket(world)
    make_ticket(world, assignee=world.ana)
    put(first, waiting_since=ago(hours=5))
    saved = View.objects.create(name="Free", query="assignee:none", order="waiting")
    assert numbers(world.ana, f"saved:{saved.pk}") == [first.pk, second.pk]
    assert numbers(world.ana, f"saved:{saved.pk}", query=f"#{second.pk}") == [second.pk]


def test_mentions_and_drafts(world: World, numbers: Numbers) -> None:
    ticket, _other = make_ticket(world), make_ticket(world)
    note = make_message(ticket, world, direction="note", visibility="internal")
    Mention.objects.create(agent=world.ana, message=note, ticket=ticket)
    Draft.objects.create(agent=world.ana, ticket=ticket, kind="note")
    assert numbers(world.ana, "mentions") == numbers(world.ana, "drafts") == [ticket.pk]
    assert numbers(world.rita, "mentions") == numbers(world.rita, "drafts") == []
    row = page(world.ana, view="mentions").rows[0]
    assert (row.mentioned, row.drafts) == (True, ("note",))
    assert counts(world.ana)["mentions"] == 1
    Mention.objects.update(read_at=timezone.now())
    assert not page(world.ana, view="mentions").rows[0].mentioned
    assert counts(world.ana)["mentions"] == 0


def test_unread_until_the_viewer_looks_and_again_when_the_customer_writes(world: World) -> None:
    ticket = put(make_ticket(world), last_customer_at=ago(minutes=5))
    done = put(in_phase(world, Phase.RESOLVED), last_customer_at=ago(minutes=5))

    def unread() -> set[int]:
        rows = page(world.ana).rows
        found = {row.number for row in page(world.ana, query="is:unread").rows}
        assert found == {row.number for row in rows if row.unread}
        return found

    assert unread() == {ticket.pk}
    Seen.objects.create(agent=world.ana, ticket=ticket, at=ago(minutes=3))
    assert unread() == set()
    put(ticket, last_customer_at=ago(minutes=1))
    assert unread() == {ticket.pk}
    assert done.pk not in unread()


def test_a_row_says_what_the_list_item_shows(world: World) -> None:
    ticket = make_ticket(world, assignee=world.ana, tags=[Tag.objects.create(name="vip")], is_important=True)
    put(ticket, excerpt="Hola", excerpt_kind="in", has_files=True, waiting_since=ago(hours=1))
    row = page(world.ana).rows[0]
    assert row.requester_name == "Dan Díaz"
    assert row.team == world.support
    assert row.assignee == world.ana
    assert [tag.name for tag in row.tags] == ["vip"]
    assert row.status.phase == row.phase == "new"
    assert (row.subject, row.excerpt, row.channel, row.account) == (
        "La impresora no imprime",
        "Hola",
        "email",
        "Support mail",
    )
    assert row.is_important
    assert row.has_files
    assert row.waiting_since is not None


@pytest.mark.parametrize("order", ["active", "waiting", "urgency", "created", "recent"])
@pytest.mark.parametrize("who", ["bo", "ana"])
def test_pages_hold_each_ticket_once_also_with_equal_times(
    world: World, numbers: Numbers, order: str, who: str
) -> None:
    viewer: Agent = getattr(world, who)
    same = ago(hours=1)
    phases = [Phase.NEW, Phase.OPEN, Phase.WAITING_CUSTOMER, Phase.CLOSED]
    for n in range(24):
        ticket = in_phase(world, phases[n % 4], team=[world.support, None][n % 2 == 0 and n % 4 == 0])
        put(ticket, active_at=same if n % 3 else ago(minutes=n), created_at=same, urgency_rank=n % 3)
    whole = numbers(viewer, order=order, size=100)
    seen: list[int] = []
    cursor = ""
    while True:
        found = page(viewer, order=order, size=5, cursor=cursor)
        seen += [row.number for row in found.rows]
        cursor = found.next_cursor
        if not cursor:
            break
    assert seen == whole
    assert len(seen) == {"active": 24, "created": 24, "recent": 24, "urgency": 18, "waiting": 12}[order]


def test_a_ticket_that_arrives_meanwhile_moves_no_page(world: World, numbers: Numbers) -> None:
    tickets = [put(make_ticket(world), active_at=ago(hours=n)) for n in range(10)]
    first = page(world.ana, size=4)
    for _n in range(3):
        make_ticket(world)
    rest = page(world.ana, size=50, cursor=first.next_cursor)
    both = [row.number for row in [*first.rows, *rest.rows]]
    assert both == [ticket.pk for ticket in tickets]


@pytest.mark.parametrize(
    "cursor", ["x", "bm90aGluZw", "WyJjcmVhdGVkIiwgMV0", "W10", "é", "WyJhY3RpdmUiLDAsInllc3RlcmRheSIsMV0"]
)
def test_a_foreign_cursor_is_refused_with_a_sentence(world: World, cursor: str) -> None:
    with pytest.raises(Refused):
        page(world.ana, cursor=cursor)


def test_agents_of_another_team_find_nothing(world: World, numbers: Numbers) -> None:
    ticket = make_ticket(world, subject="Canario")
    assert numbers(world.ana) == [ticket.pk]
    views = ["all", "mine", "unassigned", "mentions", "drafts", "important", "snoozed", "done", "open"]
    views += [f"team:{world.support.pk}", f"contact:{world.dan.pk}", f"inbox:{world.inbox.pk}"]
    for view in views:
        assert numbers(world.cleo, view) == [], view
    assert numbers(world.cleo, query=f"#{ticket.pk}") == []
    assert rows_of(world.cleo, [ticket.pk]) == []
    assert set(counts(world.cleo, views=views).values()) == {0}


def test_nobody_without_the_desk_finds_anything(world: World, numbers: Numbers) -> None:
    make_ticket(world, assignee=world.ana)
    world.ana.role.permissions = []
    for view in ("all", "mine", "unassigned", f"contact:{world.dan.pk}"):
        assert numbers(world.ana, view) == []
        assert sum(counts(world.ana, views=[view]).values()) == 0


@pytest.mark.parametrize("scope", ["all", "team", "own"])
def test_the_list_and_the_row_gate_agree(world: World, numbers: Numbers, scope: str) -> None:
    third = Team.objects.create(name="Third")
    world.ana.role.ticket_scope = Role.Scope(scope)
    for team in (world.support, world.sales, third, None):
        for assignee in (world.ana, world.cleo, None):
            make_ticket(world, team=team, assignee=assignee)
    visible = set(Ticket.objects.visible_to(world.ana).values_list("pk", flat=True))
    assert sorted(numbers(world.ana)) == sorted(visible)
    assert counts(world.ana)["all"] == len(visible)
    assert sorted(numbers(world.ana, query="from:dan@customer.example")) == sorted(visible)
    of_third = set(Ticket.objects.visible_to(world.ana).filter(team=third).values_list("pk", flat=True))
    assert set(numbers(world.ana, f"team:{third.pk}")) == of_third
    assert counts(world.ana, views=[f"team:{third.pk}"]) == {f"team:{third.pk}": len(of_third)}


def test_counts(world: World) -> None:
    make_ticket(world, assignee=world.ana)
    make_ticket(world)
    in_phase(world, Phase.CLOSED)
    quick = View.objects.create(name="Mine", query="assignee:me", owner=world.ana)
    slow = View.objects.create(name="Words", query="impresora", owner=world.ana)
    found = counts(world.ana)
    assert found["mine"] == found["unassigned"] == found[f"saved:{quick.pk}"] == 1
    assert found["all"] == found[f"team:{world.support.pk}"] == 2
    assert f"saved:{slow.pk}" not in found


def test_one_page_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for _n in range(5):
        make_ticket(world, assignee=world.ana, tags=[Tag.objects.get_or_create(name="vip")[0]])

    def read(**options: Any) -> str:
        viewer = Agent.objects.select_related("role").get(pk=world.ana.pk)
        found = page(viewer, size=2, **options)
        assert all([row.status.label, row.assignee, row.team, row.tags] for row in found.rows)
        return found.next_cursor

    with django_assert_max_num_queries(12):
        cursor = read()
    # The agent, their teams, whether they work elsewhere, the numbers, the rows, tags, marks.
    with django_assert_max_num_queries(7):
        read(view=f"team:{world.support.pk}")
    with django_assert_max_num_queries(7):
        read(cursor=cursor)
    counts(world.ana)
    with django_assert_max_num_queries(1):
        counts(world.ana)
