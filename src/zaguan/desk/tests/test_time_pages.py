"""The page of time turns its pages by where the last one ended, and reads no entry that it does not show."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zaguan.desk.time_report import SIZE, organisations_with_time, page_of
from zaguan.people.models import Agent, Organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import TimeEntry
from zaguan.tickets.time_totals import TimeFilter, entries_of, month_of

pytestmark = pytest.mark.django_db


def _log(world: World, many: int, organisations: list[Organisation], first: date) -> None:
    ticket = make_ticket(world)
    pattern = {"ticket": ticket, "rate": 0, "value": 0, "currency": "EUR", "minutes": 5, "kind": "normal"}
    TimeEntry.objects.bulk_create(
        TimeEntry(
            **pattern, agent=[world.ana, world.bo][n % 2], day=first + timedelta(days=n // 40),
            organisation=organisations[n % len(organisations)] if organisations else None,
        )
        for n in range(many)
    )  # fmt: skip


def test_every_entry_stands_on_one_page(world: World, signed_in: Callable[[Agent], Client]) -> None:
    first, _last = month_of(timezone.localdate())
    _log(world, 2 * SIZE + 20, [], first)
    bo, address, seen = signed_in(world.bo), "/desk/time/", []
    for _page in range(5):
        page = bo.get(address).content.decode()
        seen += re.findall(r'id="time-(\d+)"', page)
        more = re.search(r"\?[^\"']*after=[^\"'&]+", page)
        if more is None:
            break
        address = "/desk/time/" + more[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 2 * SIZE + 20
    assert seen == [str(e.pk) for e in TimeEntry.objects.order_by("-day", "-id")]


def test_what_is_no_place_begins_at_the_beginning(world: World, signed_in: Callable[[Agent], Client]) -> None:
    _log(world, 3, [], timezone.localdate())
    bo = signed_in(world.bo)
    for text in ("x", "2026-99-99.1", "2026-01-01.", ".5"):
        assert bo.get("/desk/time/", {"after": text}).content.decode().count('id="time-') == 3, text


def test_pages_and_choices_follow_an_index(world: World) -> None:
    firms = Organisation.objects.bulk_create(
        Organisation(name=f"F {n}", public_id=f"f{n}") for n in range(40)
    )
    _log(world, 4000, firms, date(2026, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = entries_of(world.bo, TimeFilter(first=date(2026, 1, 1), last=date(2026, 12, 31)))
    with CaptureQueriesContext(connection) as captured:
        assert len(page_of(rows, "2026-02-15.3000")) == SIZE + 1
        assert len(organisations_with_time(world.bo)) == 40
    for query in captured.captured_queries:
        _refuse_greed(query["sql"])


def _refuse_greed(sql: str) -> None:
    assert "DISTINCT" not in sql
    assert "OFFSET" not in sql
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            plan = "\n".join(row[-1] for row in cursor.fetchall())
            assert not re.search(r"SCAN (tickets_timeentry|U0)$", plan, re.MULTILINE), plan
            assert "TEMP B-TREE FOR ORDER BY" not in plan or "timeentry" not in sql.split("WHERE")[0], plan
            return
        cursor.execute("EXPLAIN (FORMAT TEXT) " + sql)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on tickets_timeentry" not in plan, plan
