"""Activities, calendars by secret address, checklists, products and promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from zaguan.events.models import EventRecord, Job
from zaguan.events.working import work_off
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.search.finding import find
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.activities import change_activity, delete_activity, finish, plan
from zaguan.tickets.assigning import assign
from zaguan.tickets.calendar_feeds import calendar_of, owner_of, renew_feed, revoke_feed
from zaguan.tickets.checklists import (
    add_items,
    delete_template,
    move_item,
    remove_item,
    save_template,
    tick,
)
from zaguan.tickets.filtering import matches, parse
from zaguan.tickets.history import feed
from zaguan.tickets.models import Activity, CalendarFeed, ChecklistItem, Phase, Product, ProductItem, Ticket
from zaguan.tickets.products import delete_item, items_with_serial, put_items, save_item
from zaguan.tickets.promising import set_promise
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def ticket(world: World) -> Ticket:
    return make_ticket(world)


def call(ticket: Ticket, owner: Agent, **more: Any) -> Activity:
    values = {
        "kind": "call",
        "subject": "Llamar",
        "starts_at": NOW + timedelta(hours=3),
        "remind_minutes": 30,
    } | more
    return plan(by=owner, ticket=ticket, owner=owner, **values)


def kinds(ticket: Ticket) -> list[str]:
    rows = EventRecord.objects.filter(ticket_id=ticket.pk).order_by("id")
    return [row.kind.removeprefix("tickets.") for row in rows]


def run_jobs() -> None:
    while work_off("test"):
        pass


def test_an_activity_is_for_a_ticket_and_its_customer(world: World, ticket: Ticket) -> None:
    made = call(ticket, world.ana)
    assert (made.contact, made.owner, made.ticket) == (world.dan, world.ana, ticket)
    with pytest.raises(Refused):
        plan(by=world.ana, owner=world.ana, subject="x", starts_at=NOW)
    with pytest.raises(Refused):
        call(ticket, world.ana, subject=" ")
    with pytest.raises(Refused):
        call(ticket, world.ana, ends_at=NOW)


def test_the_owner_is_reminded_once_at_the_time(world: World, ticket: Ticket, clock: Any) -> None:
    made = call(ticket, world.ana)
    run_jobs()
    assert "Reminded" not in kinds(ticket)
    clock.shift(timedelta(hours=2, minutes=31))
    run_jobs()
    run_jobs()
    assert kinds(ticket).count("Reminded") == 1
    event = EventRecord.objects.get(kind="tickets.Reminded")
    assert (event.data["agent_id"], event.data["activity_id"]) == (world.ana.pk, made.pk)


def test_what_was_moved_or_done_reminds_at_the_new_time_or_never(
    world: World, ticket: Ticket, clock: Any
) -> None:
    moved, done = call(ticket, world.ana), call(ticket, world.ana, subject="Hecho")
    change_activity(moved, by=world.ana, starts_at=NOW + timedelta(hours=6))
    finish(done, by=world.ana)
    clock.shift(timedelta(hours=3))
    run_jobs()
    assert "Reminded" not in kinds(ticket)
    clock.shift(timedelta(hours=3))
    run_jobs()
    assert [row.data["subject"] for row in EventRecord.objects.filter(kind="tickets.Reminded")] == ["Llamar"]


def test_done_and_not_done_after_all(world: World, ticket: Ticket) -> None:
    made = call(ticket, world.ana)
    assert finish(made, by=world.bo).done_by == world.bo
    assert finish(made, by=world.bo, done=False).done_at is None
    delete_activity(made, by=world.ana)
    assert kinds(ticket)[-3:] == ["ActivityDone", "ActivityDone", "ActivityChanged"]


def test_who_sees_activities(world: World, ticket: Ticket) -> None:
    call(ticket, world.ana)
    plan(by=world.cleo, owner=world.cleo, contact=world.dan, subject="Visitar", kind="visit", starts_at=NOW)
    seen = {
        name: Activity.objects.visible_to(getattr(world, name)).count()
        for name in ("ana", "bo", "rita", "cleo")
    }
    assert seen == {"ana": 2, "bo": 2, "rita": 2, "cleo": 1}


def test_a_calendar_is_read_by_its_secret_until_it_is_renewed(world: World, ticket: Ticket) -> None:
    text = "Muy larga, con coma; y línea\nnueva 😀 " * 5
    made = call(ticket, world.ana, notes=text, place="Calle 1, Madrid", ends_at=NOW + timedelta(hours=4))
    first = renew_feed(world.ana, by=world.ana)
    assert owner_of(first) == world.ana
    raw = calendar_of(world.ana)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (made.starts_at, made.ends_at)
    assert text.strip() in str(event["description"]).replace("\r\n", "\n")
    assert str(event["location"]) == "Calle 1, Madrid"
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(minutes=-30)
    second = renew_feed(world.ana, by=world.ana)
    assert (owner_of(first), owner_of(second)) == (None, world.ana)
    assert first not in str(CalendarFeed.objects.values()) + str(EventRecord.objects.values())
    revoke_feed(world.ana, by=world.ana)
    assert owner_of(second) is None
    third = renew_feed(world.ana, by=world.ana)
    Agent.objects.filter(pk=world.ana.pk).update(is_active=False)
    assert owner_of(third) is None


def test_a_checklist_says_who_ticked_what(world: World, ticket: Ticket) -> None:
    one, two = add_items(ticket, ["Uno", " ", "Dos"], by=world.ana)
    tick(one, True, by=world.bo)
    one.refresh_from_db()
    assert (one.done_by, one.done_at) == (world.bo, NOW)
    move_item(two, -1)
    assert [item.text for item in ChecklistItem.objects.filter(ticket=ticket)] == ["Dos", "Uno"]
    remove_item(two, by=world.ana)
    tick(one, False, by=world.ana)
    assert kinds(ticket)[-4:] == ["ChecklistChanged"] * 4
    with pytest.raises(Refused):
        add_items(ticket, ["x"] * 100, by=world.ana)
    with pytest.raises(Refused):
        add_items(ticket, [], by=world.ana)


def test_lists_for_use_again(world: World) -> None:
    made = save_template(None, "Alta", ["Cuenta", "Equipo"], by=world.bo)
    with pytest.raises(Refused):
        save_template(None, "alta", ["x"], by=world.bo)
    assert save_template(made, "Alta", ["Cuenta"], by=world.bo).items == ["Cuenta"]
    delete_template(made, by=world.bo)


@pytest.fixture
def printer(world: World) -> ProductItem:
    product = Product.objects.create(name="Impresora", code="IMP-9")
    return save_item(
        None,
        by=world.ana,
        product=product,
        serial="SN 12-ab",
        contact=world.dan,
        warranty_until=date(2026, 12, 1),
    )


def test_a_serial_number_finds_customer_and_tickets(
    world: World, ticket: Ticket, printer: ProductItem
) -> None:
    put_items(ticket, add=[printer], by=world.ana)
    run_jobs()
    for written in ("sn12ab", "SN 12-AB"):
        found = find(world.ana, written)
        assert ([hit.row.id for hit in found.tickets], found.people) == ([ticket.pk], [world.dan]), written
        assert items_with_serial(world.ana, written) == [printer]
    assert not find(world.cleo, "sn12ab").tickets
    assert items_with_serial(world.ana, "1") == []


def test_filters_by_product(world: World, ticket: Ticket, printer: ProductItem) -> None:
    put_items(ticket, add=[printer], by=world.ana)
    other = make_ticket(world)
    for text in ("serial:sn-12", "product:imp-9", "producto:impresora"):
        assert matches(ticket, text, world.ana), text
        assert not matches(other, text, world.ana), text
    assert parse("product:nothing", world.ana).problems
    assert parse("serial:1", world.ana).problems


def test_pieces_of_products(world: World, ticket: Ticket, printer: ProductItem) -> None:
    assert printer.is_under_warranty
    with pytest.raises(Refused, match=r".") as refused:
        save_item(None, by=world.ana, product=printer.product, serial="sn12AB")
    assert refused.value.field == "serial"
    with pytest.raises(Refused):
        save_item(printer, by=world.ana, purchased_on=date(2027, 1, 1))
    put_items(ticket, add=[printer, printer], by=world.ana)
    put_items(ticket, add=[printer], by=world.ana)
    assert kinds(ticket).count("ProductItemsChanged") == 1
    with pytest.raises(Refused):
        delete_item(printer, by=world.ana)
    put_items(ticket, remove=[printer], by=world.ana)
    delete_item(printer, by=world.ana)
    assert not ProductItem.objects.exists()


def test_a_promise_changes_only_with_a_reason(world: World, ticket: Ticket) -> None:
    by = NOW + timedelta(days=1)
    assert set_promise(ticket, by, by=world.ana, public=True).promised_by == world.ana
    with pytest.raises(Refused) as refused:
        set_promise(ticket, by + timedelta(days=1), by=world.ana)
    assert refused.value.field == "reason"
    with pytest.raises(Refused):
        set_promise(ticket, NOW - timedelta(days=1), by=world.ana, reason="x")
    moved = set_promise(ticket, by + timedelta(days=1), by=world.bo, reason="Falta una pieza")
    assert (moved.is_promise_public, moved.promised_by) == (True, world.bo)
    assert set_promise(ticket, None, by=world.bo, reason="Anulado").promised_at is None
    said = [line.sentence for line in feed(ticket).entries]
    assert any("Falta una pieza" in sentence for sentence in said)


@pytest.mark.parametrize(("days", "kept"), [(0, True), (2, False)])
def test_a_promise_is_kept_or_broken_when_the_ticket_is_solved(
    world: World, ticket: Ticket, clock: Any, days: int, kept: bool
) -> None:
    set_promise(ticket, NOW + timedelta(days=1), by=world.ana)
    clock.shift(timedelta(days=days))
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    ticket.refresh_from_db()
    assert ticket.promise_kept is kept
    set_status(ticket, default_status(Phase.OPEN), by=world.ana)
    ticket.refresh_from_db()
    assert ticket.promise_kept is None


def test_who_has_it_is_reminded_of_a_promise(world: World, ticket: Ticket, clock: Any) -> None:
    assign(ticket, world.ana, by=world.bo)
    set_promise(ticket, NOW + timedelta(hours=5), by=world.bo)
    moved = set_promise(ticket, NOW + timedelta(hours=8), by=world.bo, reason="x")
    clock.shift(timedelta(hours=4))
    run_jobs()
    assert "Reminded" not in kinds(ticket)
    clock.shift(timedelta(hours=3))
    run_jobs()
    event = EventRecord.objects.get(kind="tickets.Reminded")
    assert (event.data["agent_id"], event.data["about"]) == (world.ana.pk, "promise")
    assert moved.promised_at is not None
    assert not Job.objects.filter(task__startswith="tickets.remind").exists()


def test_filters_by_promise(world: World, ticket: Ticket, clock: Any) -> None:
    set_promise(ticket, timezone.now() + timedelta(hours=1), by=world.ana)
    other = make_ticket(world)
    assert matches(ticket, "is:promised", world.ana)
    assert matches(ticket, "promised:2026-11-23", world.ana)
    assert not matches(ticket, "is:overdue", world.ana)
    assert not matches(other, "is:promised", world.ana)
    assert matches(other, "promised:none", world.ana)
    clock.shift(timedelta(hours=2))
    assert matches(ticket, "is:overdue", world.ana)
