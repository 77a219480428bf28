"""The ledger as it is written: in the transaction of what changes a ticket, and equal to what its events say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.purging import purge
from zaguan.conversations.receiving import receive
from zaguan.conversations.splitting import split
from zaguan.conversations.tests.mails import a_mail
from zaguan.sla.business_time import ALWAYS
from zaguan.sla.intervals import spans, sums
from zaguan.sla.models import Interval
from zaguan.sla.sides import Side
from zaguan.sla.tests.checking import check
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import (
    default_status,
    reopen_closed,
    set_status,
)
from zaguan.tickets.trash import restore, trash

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 27, 10, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(T0, tick=False) as moving:
        yield moving


def _put(ticket: Ticket, phase: Phase, by: Any, **more: Any) -> None:
    set_status(ticket.pk, default_status(phase), by=by, **more)


def _told(ticket: Ticket) -> list[tuple[str, int | None, float]]:
    """Side, assignee and hours of each span so far."""
    now = timezone.now()
    return [
        (span.side.value, span.assignee_id, ((span.end or now) - span.start).total_seconds() / 3600)
        for span in spans(ticket.pk)
    ]


def test_whose_turn_it_was(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(3600)
    assign(ticket, world.ana, by=world.ana)
    clock.shift(3600)
    _put(ticket, Phase.WAITING_CUSTOMER, world.ana)
    clock.shift(7200)
    _put(ticket, Phase.WAITING_THIRD, world.ana)
    clock.shift(1800)
    ana = world.ana.pk
    assert _told(ticket) == [
        ("agent", None, 1.0),
        ("agent", ana, 1.0),
        ("customer", ana, 2.0),
        ("third", ana, 0.5),
    ]
    check(ticket.pk)


def test_a_new_ticket_costs_one_statement_and_a_mail_that_turns_nothing_none(
    world: World, django_assert_num_queries: Any
) -> None:
    from zaguan.sla import reactions
    from zaguan.tickets.events import TicketOpened

    ticket = make_ticket(world)
    Interval.objects.all().delete()
    told = TicketOpened(
        ticket_id=ticket.pk,
        subject="",
        channel="email",
        status_id=ticket.status_id,
        phase=ticket.phase,
        opened_at=ticket.created_at.isoformat(),
    )
    with django_assert_num_queries(1):
        reactions.begin_ledger(told)
    Interval.objects.all().delete()
    receive(a_mail(external_id="a@customer.example"), world.inbox)
    assert Interval.objects.count() == 1
    receive(a_mail(external_id="b@customer.example", in_reply_to="a@customer.example"), world.inbox)
    assert Interval.objects.count() == 1


def test_what_changes_in_one_transaction_is_one_interval(world: World, clock: Any) -> None:
    ticket = make_ticket(world, team=None)
    clock.shift(60)
    assign(ticket, world.ana, by=world.ana)
    assert [span.team_id for span in spans(ticket.pk)] == [None, world.support.pk]
    check(ticket.pk)


def test_closing_ends_the_ledger_and_reopening_goes_on(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(3600)
    _put(ticket, Phase.RESOLVED, world.ana)
    clock.shift(3600)
    _put(ticket, Phase.CLOSED, world.ana)
    clock.shift(36_000)
    assert sums(spans(ticket.pk), ALWAYS, timezone.now()).age == 7200
    with transaction.atomic():
        reopen_closed(Ticket.objects.get(pk=ticket.pk), by=world.dan)
    clock.shift(60)
    assert [side for side, _agent, _hours in _told(ticket)] == ["agent", "nobody", "nobody", "agent"]
    assert sums(spans(ticket.pk), ALWAYS, timezone.now()).elapsed[Side.NOBODY] == 39_600
    check(ticket.pk)


def test_merging_ends_one_ledger_and_undoing_goes_on(world: World, clock: Any) -> None:
    first, second = make_ticket(world), make_ticket(world)
    for ticket in (first, second):
        make_message(ticket, world)
    clock.shift(3600)
    merge(first, [second], by=world.ana)
    assert [span.end for span in spans(second.pk)] == [T0 + timedelta(hours=1)]
    clock.shift(3600)
    check(second.pk)
    undo_merge(first.merges.get(), by=world.ana)
    clock.shift(3600)
    assert [side for side, _agent, _hours in _told(second)] == ["agent", "nobody", "agent"]
    assert [side for side, _agent, _hours in _told(first)] == ["agent"]
    check(first.pk)
    check(second.pk)


def test_the_trash_is_nobodys(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(600)
    trash(ticket, by=world.bo)
    clock.shift(600)
    restore(ticket, by=world.bo)
    clock.shift(600)
    assert [side for side, _agent, _hours in _told(ticket)] == ["agent", "nobody", "agent"]
    check(ticket.pk)
    trash(ticket, by=world.bo)
    purge(ticket, by=world.bo)
    assert not Interval.objects.exists()


def test_what_is_split_off_has_a_ledger_of_its_own(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    second = make_message(ticket, world)
    clock.shift(3600)
    new = split(second, by=world.ana)
    assert [span.start for span in spans(new.pk)] == [T0 + timedelta(hours=1)]
    check(new.pk)


def test_a_backdated_ticket_is_as_old_as_it_says(world: World, clock: Any) -> None:
    ticket = make_ticket(world, opened_at=T0 - timedelta(days=2))
    assert sums(spans(ticket.pk), ALWAYS, timezone.now()).age == 2 * 86400
    check(ticket.pk)
