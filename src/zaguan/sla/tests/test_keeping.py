"""The ledger as it is written: in the transaction of what changes a ticket, and equal to what its events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.purging import purge
from zaguan.conversations.receiving import receive
from zaguan.conversations.splitting import split
from zaguan.conversations.tests.mails import a_mail
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.sla.business_time import ALWAYS
from zaguan.sla.calendars import hours_of
from zaguan.sla.filling import differences, repair, write_batch
from zaguan.sla.intervals import rebuild, spans, spans_of, sums
from zaguan.sla.models import Interval
from zaguan.sla.sides import Side
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.assigning import assign, leave_team, set_team
from zaguan.tickets.models import Merge, Phase, Ticket
from zaguan.tickets.statuses import (
    default_status,
    reopen_closed,
    set_status,
    wake_and_close_due,
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


def _check(number: int) -> None:
    found = spans(number)
    assert found == rebuild(number)
    assert all(one.end == two.start for one, two in pairwise(found))
    facts = Ticket.objects.get(pk=number)
    added = sums(found, hours_of(None), timezone.now())
    end = found[-1].end or timezone.now().replace(microsecond=0)
    assert (
        sum(added.elapsed.values())
        == added.age
        == (end - facts.created_at.replace(microsecond=0)).total_seconds()
    )
    assert (found[-1].end is not None) == (facts.phase == Phase.CLOSED or facts.is_hidden)
    if found[-1].end is None:
        last = found[-1]
        assert (last.status_id, last.assignee_id, last.team_id) == (
            facts.status_id,
            facts.assignee_id,
            facts.team_id,
        )


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
    _check(ticket.pk)


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
    _check(ticket.pk)


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
    _check(ticket.pk)


def test_merging_ends_one_ledger_and_undoing_goes_on(world: World, clock: Any) -> None:
    first, second = make_ticket(world), make_ticket(world)
    for ticket in (first, second):
        make_message(ticket, world)
    clock.shift(3600)
    merge(first, [second], by=world.ana)
    assert [span.end for span in spans(second.pk)] == [T0 + timedelta(hours=1)]
    clock.shift(3600)
    _check(second.pk)
    undo_merge(first.merges.get(), by=world.ana)
    clock.shift(3600)
    assert [side for side, _agent, _hours in _told(second)] == ["agent", "nobody", "agent"]
    assert [side for side, _agent, _hours in _told(first)] == ["agent"]
    _check(first.pk)
    _check(second.pk)


def test_the_trash_is_nobodys(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(600)
    trash(ticket, by=world.bo)
    clock.shift(600)
    restore(ticket, by=world.bo)
    clock.shift(600)
    assert [side for side, _agent, _hours in _told(ticket)] == ["agent", "nobody", "agent"]
    _check(ticket.pk)
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
    _check(new.pk)


def test_a_backdated_ticket_is_as_old_as_it_says(world: World, clock: Any) -> None:
    ticket = make_ticket(world, opened_at=T0 - timedelta(days=2))
    assert sums(spans(ticket.pk), ALWAYS, timezone.now()).age == 2 * 86400
    _check(ticket.pk)


def test_tickets_from_before_the_ledger_get_theirs(world: World, clock: Any) -> None:
    first, second = make_ticket(world), make_ticket(world)
    clock.shift(3600)
    _put(first, Phase.OPEN, world.ana)
    before = spans_of([first.pk, second.pk])
    Interval.objects.all().delete()
    assert spans_of([first.pk, second.pk]) == before
    assert {d.ticket_id for d in differences() if d.is_missing} == {first.pk, second.pk}
    clock.shift(3600)
    # The next change writes the whole of it.
    assign(first, world.ana, by=world.ana)
    assert Interval.objects.filter(ticket=first).count() == 3
    assert write_batch() == 0
    assert Interval.objects.filter(ticket=second).count() == 1
    assert list(differences()) == []


def test_a_wrong_row_is_found_and_repaired(world: World, clock: Any) -> None:
    ticket = make_ticket(world)
    clock.shift(3600)
    _put(ticket, Phase.WAITING_CUSTOMER, world.ana)
    right = list(Interval.objects.values_list("pk", flat=True))
    Interval.objects.filter(side="customer").update(side="third")
    (found,) = differences()
    assert (found.ticket_id, found.rows, found.is_missing) == (ticket.pk, 1, False)
    assert repair(ticket.pk) == 1
    assert list(differences()) == []
    assert Interval.objects.filter(pk=right[0]).exists()
    assert repair(ticket.pk) == 0


moves = st.sampled_from(
    [
        *("open", "customer", "third", "resolved", "closed", "snoozed"),
        *("ana", "bo", "nobody", "sales", "support", "no team"),
        *("trash", "restore", "merge", "undo", "reopen", "clock", "mail"),
    ]
)
waits = st.sampled_from([0.0, 0.4, 1.0, 61.5, 3600.0, 40_000.0, 200_000.0, -3.0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(steps=st.lists(st.tuples(waits, moves), min_size=3, max_size=10), ago=st.sampled_from([0, 90_000]))
def test_whatever_happens_the_sides_add_up_to_the_age(steps: list[tuple[float, str]], ago: int) -> None:
    with time_machine.travel(T0, tick=False) as moving, transaction.atomic():
        reference.forget_all()
        scene = _Scene(make_world(), ago)
        for seconds, move in steps:
            moving.shift(seconds)
            scene.do(move)
        moving.shift(1000)
        for number in Ticket.objects.values_list("pk", flat=True):
            _check(number)
        transaction.set_rollback(True)


class _Scene:
    """Two tickets to which things happen; what the desk refuses does not happen."""

    def __init__(self, world: World, ago: int) -> None:
        self.world = world
        outcome = receive(a_mail(external_id="a@customer.example"), world.inbox)
        assert outcome.ticket is not None
        self.ticket = outcome.ticket
        self.other = make_ticket(world, opened_at=timezone.now() - timedelta(seconds=ago))
        make_message(self.other, world)

    def do(self, move: str) -> None:
        try:
            with transaction.atomic():
                self._do(move)
        except Refused:
            pass

    def _do(self, move: str) -> None:
        ana, bo, ticket = self.world.ana, self.world.bo, Ticket.objects.get(pk=self.ticket.pk)
        later = timezone.now() + timedelta(hours=1)
        doing: dict[str, Callable[[], object]] = {
            "snoozed": lambda: _put(ticket, Phase.SNOOZED, ana, until=later),
            "ana": lambda: assign(ticket, ana, by=ana),
            "bo": lambda: assign(ticket, bo, by=ana),
            "nobody": lambda: assign(ticket, None, by=ana),
            "sales": lambda: set_team(ticket, self.world.sales, by=ana),
            "support": lambda: set_team(ticket, self.world.support, by=ana),
            "no team": lambda: leave_team(ticket, by=ana),
            "trash": lambda: trash(ticket, by=bo),
            "restore": lambda: restore(ticket, by=bo),
            "merge": lambda: merge(self.other.pk, [ticket.pk], by=ana, different_people=True),
            "undo": lambda: [undo_merge(done, by=ana) for done in Merge.objects.filter(undone_at=None)],
            "reopen": lambda: self._reopen(ticket),
            "mail": lambda: receive(a_mail(in_reply_to="a@customer.example"), self.world.inbox),
            "clock": wake_and_close_due,
        }
        doing.get(move, lambda: _put(ticket, Phase(move), ana))()

    def _reopen(self, ticket: Ticket) -> None:
        if ticket.phase == Phase.CLOSED and not ticket.is_hidden:
            reopen_closed(ticket, by=self.world.dan)
