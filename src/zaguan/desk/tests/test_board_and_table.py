"""A view as columns of cards, as a table, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from zaguan.events.models import EventRecord
from zaguan.lib.sheets import csv_lines
from zaguan.people.models import Agent, Role
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase
from zaguan.tickets.statuses import default_status, set_status

SignIn = Callable[[Agent], Client]


def test_cards_stand_in_the_column_of_their_status(world: World, signed_in: SignIn) -> None:
    fresh, waiting = make_ticket(world, subject="Recién llegado"), make_ticket(world, subject="A la espera")
    set_status(waiting, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    columns = (
        signed_in(world.ana).get("/desk/views/all/board/?part=columns").content.decode().split("<section")
    )
    one = next(column for column in columns if "Recién llegado" in column)
    other = next(column for column in columns if "A la espera" in column)
    assert 'data-phase="new"' in one
    assert 'data-phase="customer"' in other
    assert fresh.pk != waiting.pk
    assert sum("Recién llegado" in column for column in columns) == 1


def test_cards_by_assignee_and_never_those_of_another_team(world: World, signed_in: SignIn) -> None:
    mine, hidden = make_ticket(world, subject="El mío"), make_ticket(world, subject="Ajeno", team=world.sales)
    assign(mine, world.ana, by=world.ana)
    shown = signed_in(world.ana).get("/desk/views/all/board/?by=assignee").content.decode()
    assert "El mío" in shown
    assert "Ajeno" not in shown
    assert hidden.pk


def test_a_table_has_the_columns_that_were_chosen(world: World, signed_in: SignIn) -> None:
    make_ticket(world, subject="Con columnas")
    ana = signed_in(world.ana)
    ana.post("/desk/views/all/columns/", {"column": ["subject", "inbox"]})
    shown = ana.get("/desk/views/all/table/").content.decode()
    assert "Con columnas" in shown
    assert world.inbox.name in shown
    assert "#number" not in shown
    assert shown.count('<th scope="col"') == 2


def test_a_table_asks_as_much_for_many_tickets_as_for_few(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(60):
        make_ticket(world, subject=f"Fila {number}")
    ana = signed_in(world.ana)
    ana.get("/desk/views/all/table/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        ana.get("/desk/views/all/table/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        ana.get("/desk/views/all/board/")


@pytest.fixture
def head(world: World) -> Agent:
    """Ana may export now."""
    world.ana.role = Role.objects.create(
        name="Heads", permissions=["desk.use", "tickets.export"], ticket_scope=Role.Scope.TEAM
    )
    world.ana.save(update_fields=["role"])
    return world.ana


def test_an_export_holds_all_pages_and_is_recorded(world: World, signed_in: SignIn, head: Agent) -> None:
    for number in range(205):
        make_ticket(world, subject=f"Fila {number}")
    make_ticket(world, subject="Ajeno", team=world.sales)
    answer = signed_in(head).get("/desk/views/all/export.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("Fila ") == 205
    assert "Ajeno" not in text
    assert EventRecord.objects.get(kind="tickets.TicketsExported").data["view"] == "all"


def test_a_workbook_opens(world: World, signed_in: SignIn, head: Agent) -> None:
    make_ticket(world, subject="=1+1")
    answer = signed_in(head).get("/desk/views/all/export.xlsx")
    book = ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet
    assert "<f>" not in sheet


def test_formulas_from_outside_stay_text() -> None:
    assert "'=cmd" in "".join(csv_lines(["Subject"], [["=cmd|calc"]]))


def test_who_may_not_export_gets_no_file(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.rita).get("/desk/views/all/export.csv").status_code == 403
