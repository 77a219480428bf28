"""Time on tickets: logged, split, valued, changed, approved, counted against hours that were bought."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.people.editing import create_organisation
from zaguan.people.models import Organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.hour_banks import balances, bank_for, save_bank
from zaguan.tickets.models import HourBank, Ticket, TimeActivity, TimeEntry, Timer
from zaguan.tickets.rates import change_time_rule, rate_for, set_customer_rate, time_rule
from zaguan.tickets.time_approval import decide
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_sheets import export, timesheet
from zaguan.tickets.time_spent import change_time, delete_time, log_time
from zaguan.tickets.time_totals import TimeFilter, amount_of, entries_of, hours, totals
from zaguan.tickets.timers import discard_timer, elapsed, pause_timer, start_timer, stop_timer

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def visit() -> TimeActivity:
    return TimeActivity.objects.create(name="Visit", rate=Decimal(60))


@pytest.fixture
def patio(world: World) -> Organisation:
    found = create_organisation("Patio SA", by=world.bo, domains=[], notes="")
    world.dan.organisation = found
    world.dan.save()
    return found


@pytest.fixture
def ticket(world: World, patio: Organisation) -> Ticket:
    return make_ticket(world)


@pytest.fixture(autouse=True)
def utc(world: World) -> None:
    rule = time_rule()
    change_time_rule(by=world.bo, zone="UTC", hours=rule.hours, currency="eur", overtime_percent=150)


def log(ticket: Ticket, world: World, **more: Any) -> list[TimeEntry]:
    values: dict[str, Any] = {"day": date(2026, 11, 23), "minutes": 25} | more
    return log_time(ticket, NewTime(**values), by=world.ana)


def test_what_is_logged_is_counted_and_valued(world: World, ticket: Ticket, visit: TimeActivity) -> None:
    (entry,) = log(ticket, world, activity=visit, note="Impresora")
    assert (entry.minutes, entry.value, entry.currency, entry.kind) == (25, Decimal("25.00"), "EUR", "normal")
    event = EventRecord.objects.get(kind="tickets.TimeLogged")
    assert (event.ticket_id, event.data["minutes"], event.data["entries"]) == (ticket.pk, 25, [entry.pk])


def test_an_entry_that_crosses_a_border_becomes_two(
    world: World, ticket: Ticket, visit: TimeActivity
) -> None:
    start = MONDAY.replace(hour=17, minute=30)
    entries = log(
        ticket, world, started_at=start, ended_at=start + timedelta(hours=1), minutes=None, activity=visit
    )
    assert [(e.kind, e.minutes, e.value) for e in entries] == [
        ("normal", 30, Decimal(30)), ("overtime", 30, Decimal(45)),
    ]  # fmt: skip


def test_counted_time_and_value_are_shared_among_the_parts(world: World, ticket: Ticket) -> None:
    start = MONDAY.replace(hour=17, minute=30)
    span = {"started_at": start, "ended_at": start + timedelta(hours=1)}
    entries = log(ticket, world, **span, minutes=45, value=Decimal("10.01"))
    assert sum(e.minutes for e in entries) == 45
    assert sum(e.value for e in entries) == Decimal("10.01")


def test_a_named_kind_is_not_split(world: World, ticket: Ticket) -> None:
    span = {"started_at": MONDAY, "ended_at": MONDAY + timedelta(minutes=25)}
    (entry,) = log(ticket, world, **span, minutes=None, kind="overtime")
    assert (entry.kind, entry.minutes) == ("overtime", 25)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"minutes": 0}, "minutes"), ({"minutes": None}, "minutes"), ({"minutes": 1441}, "minutes"), ({"kind": "x"}, "kind"),
        ({"started_at": MONDAY, "ended_at": MONDAY}, "ended_at"),
        ({"started_at": MONDAY, "ended_at": MONDAY + timedelta(hours=25)}, "ended_at"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    world: World, ticket: Ticket, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        log(ticket, world, **given)
    assert refused.value.field == field
    assert not TimeEntry.objects.exists()


def test_the_customers_rate_comes_first(world: World, patio: Organisation, visit: TimeActivity) -> None:
    other = TimeActivity.objects.create(name="Other", rate=Decimal(10))
    assert rate_for(visit, patio.pk) == 60
    set_customer_rate(patio, None, Decimal(50), by=world.bo)
    set_customer_rate(patio, visit, Decimal(80), by=world.bo)
    assert [rate_for(each, patio.pk) for each in (visit, other, None)] == [80, 50, 50]
    assert rate_for(other, None) == 10
    set_customer_rate(patio, visit, None, by=world.bo)
    assert rate_for(visit, patio.pk) == 50


def test_a_changed_entry_is_valued_anew_unless_a_value_is_given(
    world: World, ticket: Ticket, visit: TimeActivity
) -> None:
    (entry,) = log(ticket, world, activity=visit)
    assert change_time(entry, by=world.ana, minutes=60).value == 60
    assert change_time(entry, by=world.ana, value=Decimal(5)).value == 5
    assert change_time(entry, by=world.ana, kind="overtime").value == 90
    changes = [
        row.data["changes"] for row in EventRecord.objects.filter(kind="tickets.TimeChanged").order_by("id")
    ]
    assert changes[0] == {"minutes": [25, 60]}


def test_approval(world: World, ticket: Ticket) -> None:
    (entry,) = log(ticket, world)
    assert decide(entry, "submitted", by=world.ana)
    assert not decide(entry, "submitted", by=world.ana)
    with pytest.raises(Refused):
        change_time(entry, by=world.ana, minutes=5)
    with pytest.raises(Refused):
        delete_time(entry, by=world.ana)
    with pytest.raises(Refused):
        decide(entry, "rejected", by=world.bo)
    decide(entry, "rejected", by=world.bo, reason="Too long")
    assert change_time(entry, by=world.ana, minutes=20).state == "open"
    decide(entry, "submitted", by=world.ana)
    decide(entry, "approved", by=world.bo)
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by) == ("approved", world.bo)
    with pytest.raises(Refused):
        decide(entry, "submitted", by=world.ana)


def test_an_entry_can_be_taken_away(world: World, ticket: Ticket) -> None:
    (entry,) = log(ticket, world)
    delete_time(entry, by=world.ana)
    assert not TimeEntry.objects.exists()
    assert EventRecord.objects.latest("id").data["deleted"]


def test_bought_hours_are_used_up_and_warned_of_once(
    world: World, ticket: Ticket, patio: Organisation
) -> None:
    start = date(2026, 1, 1)
    bank = save_bank(
        None, by=world.bo, organisation=patio, name="2026", minutes=120, warn_at=60, starts_on=start
    )
    log(ticket, world, minutes=50)
    assert not EventRecord.objects.filter(kind="tickets.HourBankLow").exists()
    log(ticket, world, minutes=20)
    log(ticket, world, minutes=60)
    assert balances([bank])[0].left == -10
    assert [row.data["left"] for row in EventRecord.objects.filter(kind="tickets.HourBankLow")] == [50]
    entry = TimeEntry.objects.latest("id")
    decide(entry, "submitted", by=world.ana)
    decide(entry, "rejected", by=world.bo, reason="x")
    assert balances([bank])[0].left == 50


def test_the_oldest_bank_with_hours_left_is_used(world: World, ticket: Ticket, patio: Organisation) -> None:
    day = date(2026, 11, 23)
    values = {"organisation": patio, "warn_at": 0, "minutes": 60}
    old = save_bank(None, by=world.bo, name="old", starts_on=date(2026, 1, 1), **values)
    new = save_bank(None, by=world.bo, name="new", starts_on=date(2026, 6, 1), **values)
    over = save_bank(
        None, by=world.bo, name="over", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), **values
    )
    assert over != bank_for(patio.pk, day) == old
    log(ticket, world, minutes=60)
    assert bank_for(patio.pk, day) == new
    assert bank_for(None, day) is None
    with pytest.raises(Refused):
        save_bank(None, by=world.bo, name="x", starts_on=day, ends_on=date(2026, 1, 1), **values)


def test_a_timer_survives_pauses_and_logs_what_it_counted(world: World, ticket: Ticket) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        start_timer(ticket, by=world.ana)
        clock.shift(600)
        pause_timer(ticket, by=world.ana)
        clock.shift(1200)
        timer = start_timer(ticket, by=world.ana)
        clock.shift(300)
        assert elapsed(timer) == 900
        (entry,) = stop_timer(ticket, by=world.ana, note="x")
    assert (entry.minutes, entry.started_at, entry.ended_at) == (15, MONDAY, MONDAY + timedelta(minutes=35))
    assert not Timer.objects.exists()
    assert stop_timer(ticket, by=world.ana) == []


def test_only_one_timer_runs(world: World, ticket: Ticket) -> None:
    other = make_ticket(world)
    start_timer(ticket, by=world.ana)
    start_timer(other, by=world.ana)
    start_timer(other, by=world.bo)
    running = Timer.objects.filter(agent=world.ana, running_since__isnull=False)
    assert [timer.ticket for timer in running] == [other]
    with pytest.raises(IntegrityError), transaction.atomic():
        Timer.objects.filter(agent=world.ana).update(running_since=MONDAY)
    discard_timer(other, by=world.ana)
    assert Timer.objects.filter(agent=world.ana).count() == 1
    assert not TimeEntry.objects.exists()


def test_a_timer_left_running_for_days_logs_a_day_at_most(world: World, ticket: Ticket) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        start_timer(ticket, by=world.ana)
        clock.shift(timedelta(days=3))
        entries = stop_timer(ticket, by=world.ana)
    assert sum(entry.minutes for entry in entries) == 24 * 60


def test_sums_by_everything(world: World, ticket: Ticket, patio: Organisation, visit: TimeActivity) -> None:
    log(ticket, world, activity=visit, minutes=60)
    log(ticket, world, minutes=30)
    log_time(make_ticket(world, requester=world.eve), NewTime(day=date(2026, 12, 1), minutes=10), by=world.bo)
    rows = entries_of(world.bo, TimeFilter(first=date(2026, 11, 1), last=date(2026, 11, 30)))
    found = {
        by: [(g.label, g.amount.minutes) for g in totals(rows, by).groups]
        for by in ("agent", "organisation", "activity")
    }
    assert found == {
        "agent": [("Ana", 90)],
        "organisation": [("Patio SA", 90)],
        "activity": [("Visit", 60), (str(_("None")), 30)],
    }
    assert amount_of(rows).values == (("EUR", Decimal("60.00")),)
    everything = totals(entries_of(world.bo, TimeFilter()), "ticket")
    assert everything.whole.minutes == 100
    assert everything.groups[0].label.startswith(f"#{ticket.pk} ")
    assert {by: len(totals(rows, by).groups) for by in ("kind", "day")} == {"kind": 1, "day": 1}


def test_who_may_see_time(world: World, ticket: Ticket) -> None:
    log(ticket, world)
    seen = {
        name: TimeEntry.objects.visible_to(getattr(world, name)).count()
        for name in ("ana", "bo", "rita", "cleo")
    }
    assert seen == {"ana": 1, "bo": 1, "rita": 1, "cleo": 0}


def test_export_holds_text_as_text(world: World, ticket: Ticket, patio: Organisation) -> None:
    log(ticket, world, note='=HYPERLINK("http://x")')
    rows = entries_of(world.bo, TimeFilter())
    table, kind = export(rows, "csv")
    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert kind.startswith("text/csv")
    assert (lines[1][0], lines[1][4], lines[1][8], lines[1][14][:2]) == ("2026-11-23", "25", "Patio SA", "'=")
    book, _kind = export(rows, "xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    with pytest.raises(Refused):
        export(rows, "doc")


def test_a_timesheet_on_paper(world: World, ticket: Ticket, patio: Organisation, visit: TimeActivity) -> None:
    for day in range(1, 29):
        log(ticket, world, day=date(2026, 11, day), activity=visit, note='#read("/etc/passwd") *x*\n$1')
    pdf = timesheet(world.bo, patio, date(2026, 11, 15), language="es")
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b(?!s)", pdf)) > 1
    assert timesheet(world.bo, patio, date(2020, 1, 1)).startswith(b"%PDF-")


def test_hours_as_people_read_them() -> None:
    assert [hours(minutes) for minutes in (0, 65, -65, 6000)] == ["0:00", "1:05", "−1:05", "100:00"]


@pytest.mark.parametrize(
    "change", [{"zone": "Mars/Base"}, {"currency": "EURO"}, {"night_from": "22:00", "night_until": None}]
)
def test_a_calendar_that_makes_no_sense_is_refused(world: World, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        change_time_rule(by=world.bo, **change)


def test_banks_know_their_numbers(world: World, patio: Organisation) -> None:
    with pytest.raises(Refused):
        save_bank(
            None, by=world.bo, organisation=patio, name=" ", minutes=60, warn_at=0, starts_on=date(2026, 1, 1)
        )
    with pytest.raises(Refused):
        save_bank(
            None, by=world.bo, organisation=patio, name="x", minutes=0, warn_at=0, starts_on=date(2026, 1, 1)
        )
    assert not HourBank.objects.exists()
