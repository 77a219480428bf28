"""Whose turn it was, on the desk's pages: beside the ticket, on its tab, in tables and files, over a range of days."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from zaguan.conversations.printing import contents
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
# A Monday, 16:00 in Bogotá, where the desk is open from 9 to 18.
T0 = datetime(2026, 11, 16, 21, 0, tzinfo=UTC)
SignIn = Callable[[Agent], Client]


@pytest.fixture
def ticket(world: World) -> Iterator[Ticket]:
    """An hour with nobody, one with Ana, then a day and three hours with the customer."""
    with time_machine.travel(T0, tick=False) as clock:
        made = make_ticket(world)
        clock.shift(3600)
        assign(made, world.ana, by=world.ana)
        clock.shift(3600)
        set_status(made, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
        clock.shift(27 * 3600)
        yield made


def test_the_turn_and_the_sums_stand_beside_the_ticket(ticket: Ticket, ana: Client) -> None:
    shown = ana.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    panel = shown[shown.index('id="acc-clocks"') :].split("</details>")[0]
    assert "It is the customer's turn" in panel.replace("&#39;", "'")
    assert f'data-side-clock="{2 * 3600}">2 h<' in panel
    assert f'data-side-clock="{27 * 3600}" data-runs>1 d 3 h<' in panel
    # From 18 to 21 on the next day: nine open hours in between, and closed now until nine.
    assert f'data-side-clock="{9 * 3600}" data-business data-runs>9 h<' in panel
    assert f'data-ahead="{12 * 3600}-{21 * 3600} ' in panel
    assert panel.count("<dt") == 2


def test_the_tab_lists_every_stretch_and_each_agents_part(ticket: Ticket, ana: Client) -> None:
    shown = ana.get(f"/desk/tickets/{ticket.pk}/?tab=clocks").content.decode()
    assert shown.count('class="entry"') == 3
    assert "Nobody assigned" in shown
    assert "1 d 5 h" in shown
    assert "<li>Ana · " in shown[shown.index("By agent") :]


def test_a_closed_ticket_has_no_running_clock(ticket: Ticket, world: World, ana: Client) -> None:
    set_status(ticket, default_status(Phase.CLOSED), by=world.ana)
    shown = ana.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "No clock runs" in shown
    assert "data-runs" not in shown[shown.index('id="acc-clocks"') :].split("</details>")[0]


def test_another_team_sees_nothing_of_it(ticket: Ticket, world: World, signed_in: SignIn) -> None:
    assert signed_in(world.cleo).get(f"/desk/tickets/{ticket.pk}/?tab=clocks").status_code == 404


def _lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))


def test_tables_and_exports_have_the_sums_without_a_question_for_each(
    ticket: Ticket, world: World, bo: Client, django_assert_max_num_queries: Any
) -> None:
    columns = ["number", "turn", "agent_time", "customer_time", "agent_business_time"]
    bo.post("/desk/views/all/columns/", {"column": columns})
    for _number in range(12):
        make_ticket(world)
    shown = bo.get("/desk/views/all/table/").content.decode()
    assert "1 d 3 h" in shown
    with django_assert_max_num_queries(14):
        bo.get("/desk/views/all/table/")
    found = _lines(bo.get("/desk/views/all/export.csv"))
    line = next(line for line in found if line[0] == str(ticket.pk))
    assert line == [str(ticket.pk), "Customer", "120", str(27 * 60), "120"]


@pytest.mark.parametrize("asked", ["turn:customer", "turno:cliente"])
def test_lists_are_filtered_by_whose_turn_it_is(ticket: Ticket, world: World, asked: str) -> None:
    other = make_ticket(world)
    found = Ticket.objects.visible_to(world.ana).filter(parse(asked, world.ana).q)
    assert list(found) == [ticket]
    assert other in Ticket.objects.filter(parse("turn:agent", world.ana).q)


def test_the_report_cuts_stretches_at_its_days(ticket: Ticket, bo: Client) -> None:
    days = "first=2026-11-16&last=2026-11-16"
    shown = bo.get(f"/desk/time/sides/?{days}&by=agent").content.decode()
    assert "Ana" in shown
    head, *lines = _lines(bo.get(f"/desk/time/sides.csv?{days}&by=agent"))
    assert len(head) == 10
    assert {line[0]: line[1:6] for line in lines} == {
        "Ana": ["1", "60", "60", str(6 * 60), "0"],
        "Nobody assigned": ["1", "60", "60", "0", "0"],
    }
    second = _lines(bo.get("/desk/time/sides.csv?first=2026-11-17&last=2026-11-17&by=team"))[1:]
    assert second == [["Support", "1", "0", "0", str(21 * 60), str(9 * 60), "0", "0", "0", "0"]]


def test_who_may_not_see_all_time_sees_their_own(ticket: Ticket, world: World, ana: Client) -> None:
    days = "first=2026-11-16&last=2026-11-17"
    lines = _lines(ana.get(f"/desk/time/sides.csv?{days}"))[1:]
    assert [line[0] for line in lines] == ["Ana"]


def test_days_in_the_wrong_order_are_told(bo: Client) -> None:
    shown = bo.get("/desk/time/sides/?first=2026-11-17&last=2026-11-16").content.decode()
    assert "The last day comes before the first." in shown


def test_the_full_copy_has_the_sums_and_the_customers_has_none(ticket: Ticket, world: World) -> None:
    with translation.override("en"):
        full = dict(contents(ticket, viewer=world.ana, copy="full", language="en").data["facts"])
        customers = dict(contents(ticket, viewer=world.ana, copy="customer", language="en").data["facts"])
    assert full["Customer's time"] == "1 d 3 h (within opening hours 9 h)"
    assert "Customer's time" not in customers
